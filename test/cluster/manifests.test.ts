import { afterAll, beforeAll, expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { plurals } from "../../engine/model/objects.generated.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import type { Manifest } from "../manifests/manifest-row.ts";
import { type Apply, describeManifests, type Verdict } from "../manifests/manifest-suite.ts";
import { type Answer, ApiServer } from "./api-server.ts";
import { applyCrds } from "./apply-crds.ts";

const server = new ApiServer(process.env.KUBECONFIG ?? "");
const validator = createManifestValidator(crds);
let namespace = "";

beforeAll(async () => {
  await applyCrds(server);
  const made = await server.call({
    method: "POST",
    path: "/api/v1/namespaces",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { generateName: "sidegate-manifests-" } },
  });
  namespace = (made.body.metadata as { name: string }).name;
});

afterAll(async () => {
  if (namespace !== "") await server.call({ method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
});

/** Creates and changes objects under strict field validation, as `kubectl apply` does. */
const apply: Apply = async (manifest, old) => {
  const collection = collectionOf(manifest);
  if (collection === undefined)
    return { accepted: false, message: `no matches for ${JSON.stringify(manifest)}` };
  if (old === undefined) return discard(collection, await create(collection, manifest));
  const before = await create(collection, old);
  expect(before.status, JSON.stringify(before.body)).toBe(201);
  const { name, resourceVersion } = before.body.metadata as { name: string; resourceVersion: string };
  const changed = { ...manifest, metadata: { ...(manifest.metadata as object), resourceVersion } };
  const path = `${collection}/${name}?fieldValidation=Strict`;
  const after = await server.call({ method: "PUT", path, body: changed });
  await remove(collection, name);
  return verdictOf(after);
};

describeManifests("a real API server", async (manifest, old) => {
  const verdict = await apply(manifest, old);
  if (verdict.accepted) expect(verdict.spec).toEqual(specOffline(manifest, old));
  return verdict;
});

test("the API server serves every kind under its generated plural, in the category sidegate", async () => {
  const { body } = await server.call({ method: "GET", path: "/apis/sidegate.dev/v1alpha1" });
  const resources = body.resources as { name: string; kind: string; categories?: string[] }[];
  // What the operator writes for itself is no business of `kubectl get sidegate`.
  const kinds = resources.filter(({ name, kind }) => !name.includes("/") && kind !== "DeliveryReport");
  expect(Object.fromEntries(kinds.map(({ kind, name }) => [kind, name]))).toEqual(plurals);
  expect(kinds.every(({ categories }) => categories?.includes("sidegate"))).toBe(true);
});

function specOffline(manifest: Manifest, old: Manifest | undefined): unknown {
  return validator.check(manifest, old && validator.check(old).object).object?.spec;
}

function collectionOf(manifest: Manifest): string | undefined {
  const plural = Object.entries(plurals).find(([kind]) => kind === manifest.kind)?.[1];
  if (plural === undefined || manifest.apiVersion !== "sidegate.dev/v1alpha1") return undefined;
  return `/apis/sidegate.dev/v1alpha1/namespaces/${namespace}/${plural}`;
}

function create(collection: string, body: Manifest): Promise<Answer> {
  return server.call({ method: "POST", path: `${collection}?fieldValidation=Strict`, body });
}

async function discard(collection: string, answer: Answer): Promise<Verdict> {
  if (answer.status === 201) await remove(collection, (answer.body.metadata as { name: string }).name);
  return verdictOf(answer);
}

/** Removes an object and the finalizers that would hold it back. */
async function remove(collection: string, name: string): Promise<void> {
  const path = `${collection}/${name}`;
  const body = { metadata: { finalizers: null } };
  await server.call({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });
  // The garbage collector may be faster where an owner does not exist.
  expect([200, 404]).toContain((await server.call({ method: "DELETE", path })).status);
}

function verdictOf({ status, body }: Answer): Verdict {
  if (status === 200 || status === 201) return { accepted: true, spec: body.spec };
  return { accepted: false, message: String(body.message) };
}
