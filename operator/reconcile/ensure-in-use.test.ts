import { expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { anObject, going, worldOf } from "../../test/support/objects.ts";
import { RecordingApi } from "../../test/support/recording-api.ts";
import { ensureInUse } from "./ensure-in-use.ts";
import { IN_USE } from "./finalizers.ts";

const leaving = { ...going, finalizers: [IN_USE] };

/** The finalizers that are written to the object, or undefined when nothing is. */
async function run(object: SidegateObject, others: SidegateObject[] = [], isNamespaceTerminating = false) {
  const api = new RecordingApi();
  const handler = ensureInUse({ isNamespaceTerminating: async () => isNamespaceTerminating });
  await handler({ domain: "shop", key: "k", object, world: worldOf(object, ...others), api });
  return (api.writes[0]?.body as { metadata: { finalizers: string[] } } | undefined)?.metadata.finalizers;
}

const role = (name: string, metadata: object, spec: object = {}) =>
  anObject("AccessRole", name, { assignableAt: ["Organization"], ...spec }, metadata);
const binding = anObject("AccessRoleBinding", "b", {
  role: "viewer",
  subjects: [],
  scope: { kind: "Environment", name: "prod" },
});
const environment = (metadata: object) =>
  anObject("Environment", "prod", { organization: "acme", type: "production" }, metadata);

test("scopes and roles get the finalizer, once", async () => {
  expect(await run(environment({}))).toEqual([IN_USE]);
  expect(await run(environment({ finalizers: ["other"] }))).toEqual(["other", IN_USE]);
  expect(await run(environment({ finalizers: [IN_USE] }))).toBeUndefined();
});

test.each<[string, SidegateObject, SidegateObject]>([
  ["a binding keeps its scope", environment(leaving), binding],
  ["a binding keeps its role", role("viewer", leaving), binding],
  ["an environment keeps its organization", anObject("Organization", "acme", {}, leaving), environment({})],
  ["even one that is going does", anObject("Organization", "acme", {}, leaving), environment(leaving)],
  [
    "a Membership keeps its organization",
    anObject("Organization", "acme", {}, leaving),
    anObject("Membership", "zoe", { organization: "acme", subject: { kind: "User", name: "zoe" } }),
  ],
  [
    "a role keeps a role that it includes",
    role("viewer", leaving),
    role("editor", {}, { includes: ["viewer"] }),
  ],
  [
    "a default keeps its role",
    role("viewer", leaving),
    anObject("AccessDomain", "default", { defaultRoles: [{ role: "viewer" }] }),
  ],
])("%s", async (_name, object, referrer) => {
  expect(await run(object)).toEqual([]);
  expect(await run(object, [referrer])).toBeUndefined();
  expect(await run(object, [referrer], true)).toEqual([]);
});

test("a role that is going keeps no other, unless something keeps it", async () => {
  const editor = role("editor", leaving, { includes: ["viewer"] });
  const viewer = role("viewer", leaving, { includes: ["editor"] });
  expect(await run(viewer, [editor])).toEqual([]);
  const toEditor = anObject("AccessRoleBinding", "c", { ...binding.spec, role: "editor" });
  expect(await run(viewer, [editor, toEditor])).toBeUndefined();
});

test("an object that is going without the finalizer is left alone", async () => {
  expect(await run(environment({ ...going, finalizers: ["other"] }))).toBeUndefined();
});
