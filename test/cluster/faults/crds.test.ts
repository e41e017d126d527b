import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { crds } from "../../../crds/definitions.ts";
import type { SidecarProcess } from "../../support/sidecar-process.ts";
import { applyCrds } from "../apply-crds.ts";
import { Installation, type Replica } from "./installation.ts";

const LIMIT = { timeout: 300_000 };

const installation = new Installation(process.env.KUBECONFIG ?? "");
const { witness, server } = installation;
let replicas: Replica[];
let sidecars: SidecarProcess[];

beforeAll(async () => {
  await installation.begin();
  [replicas, sidecars] = await installation.start(["pod-a", "pod-b"], ["one", "two"]);
}, 150_000);
afterAll(async () => {
  await installation.end();
  await applyCrds(server);
}, 120_000);
afterEach(() => witness.isContent());

interface Version {
  readonly additionalPrinterColumns: object[];
  readonly schema: { readonly openAPIV3Schema: { readonly properties: { status: { properties: Fields } } } };
}
type Fields = Record<string, object>;
type Crd = Readonly<Record<string, unknown>> & { readonly spec: { readonly versions: readonly [Version] } };

const pathOf = (name: string) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;

/** `kubectl replace` of a definition with another one that is made of it. Returns the way back. */
async function replace(name: string, change: (version: Version) => void): Promise<() => Promise<void>> {
  const read = async () => (await server.call({ method: "GET", path: pathOf(name) })).body as Crd;
  const put = async (crd: Crd) =>
    expect((await server.call({ method: "PUT", path: pathOf(name), body: crd })).status).toBe(200);
  const before = await read();
  const after = structuredClone(before);
  change(after.spec.versions[0]);
  await put(after);
  return async () => {
    const { metadata } = await read();
    const { resourceVersion } = metadata as { resourceVersion: string };
    await put({ ...before, metadata: { ...(before.metadata as object), resourceVersion } } as Crd);
  };
}

const statusOf = (version: Version) => version.schema.openAPIV3Schema.properties.status.properties;

test(
  "definitions get a field and a column under load: nothing is lost, and each change is effective",
  LIMIT,
  async () => {
    const users = Array.from({ length: 40 }, (_, index) => `loaded-${index}`);
    const load = (async () => {
      for (const user of users) {
        await installation.bind(user);
        await witness.hears(1);
      }
    })();
    const undo: (() => Promise<void>)[] = [];
    for (const { metadata } of crds) {
      const back = await replace(metadata.name, (version) => {
        statusOf(version).addedLater = { type: "string" };
        version.additionalPrinterColumns.push({
          name: "Later",
          type: "string",
          jsonPath: ".status.addedLater",
        });
      });
      undo.push(back);
    }
    await load;
    for (const user of users) {
      await installation.isEffective(user);
      witness.expect(user, "Allowed");
    }
    for (const back of undo) await back();
    await installation.isWell("after-the-upgrade");
    await installation.isOneRevision(...sidecars);
  },
);

test(
  "definitions older than the operator: it says so once, writes the rest, and asks seldom until they are replaced",
  LIMIT,
  async () => {
    const back = await replace("accessdomains.sidegate.dev", (version) => {
      delete statusOf(version).laggards;
    });
    const domain = async () =>
      (await installation.get("AccessDomain", "default"))?.status as { revision?: string } | undefined;
    const isCurrent = async () => {
      const revision = await (sidecars[0] as SidecarProcess).revision();
      await expect.poll(async () => (await domain())?.revision, { timeout: 60_000 }).toBe(revision);
    };
    const failures = () =>
      replicas.flatMap(({ process }) =>
        process.log.filter(
          ({ msg, err }) => msg === "Reconciling failed" && JSON.stringify(err).includes("laggards"),
        ),
      );
    await installation.isWell("with-old-definitions");
    await expect.poll(() => failures().length, { timeout: 60_000 }).toBe(1);
    // What was tried each second would have been tried again by now.
    for (const user of ["a", "b", "c", "d"]) await installation.isWell(`still-${user}`);
    await isCurrent();
    expect(failures()).toHaveLength(1);
    await back();
    await installation.isWell("with-new-definitions");
    await isCurrent();
  },
);
