import { expect, test } from "vitest";
import type { Membership, SidegateObject } from "../../engine/model/objects.generated.ts";
import { noReports } from "../../test/support/no-reports.ts";
import { anObject, going, worldOf } from "../../test/support/objects.ts";
import { RecordingApi } from "../../test/support/recording-api.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { KubeError } from "../kube/kube-error.ts";
import { ensureDefaultBindings } from "./ensure-default-bindings.ts";

const membership = (given?: string[], metadata: object = {}): Membership => ({
  ...anObject(
    "Membership",
    "zoe",
    { organization: "acme", subject: { kind: "User", name: "zoe" } },
    metadata,
  ),
  ...(given && { status: { defaultsGiven: given } }),
});
const organization = anObject("Organization", "acme", {});
const domain = anObject("AccessDomain", "default", {
  defaultRoles: [{ role: "member" }, { role: "viewer", environmentTypes: ["production"] }],
});
const environment = (name: string, metadata: object = {}) =>
  anObject("Environment", name, { organization: "acme", type: "production" }, metadata);
const [atOrganization, atProd] = ["default-zoe-organization-acme", "default-zoe-environment-prod"];

interface Setting {
  readonly seen: Membership;
  /** What the API server has by now; as seen by default. */
  readonly now?: Membership;
  readonly others?: SidegateObject[];
  readonly api?: RecordingApi;
  readonly isNamespaceTerminating?: boolean;
}

async function run({
  seen,
  now = seen,
  others = [],
  api = new RecordingApi(),
  isNamespaceTerminating = false,
}: Setting) {
  api.hold(now);
  const handler = ensureDefaultBindings({
    isNamespaceTerminating: async () => isNamespaceTerminating,
    constraints: noReports,
    wallTime: () => 0,
    logger: silent,
  });
  const world = worldOf(organization, domain, seen, ...others);
  await handler({ domain: "shop", key: "k", object: seen, world, api });
  return api.writes.map(({ verb, name, body }) =>
    verb === "apply" ? `record ${(body as Membership).status?.defaultsGiven}` : `${verb} ${name}`,
  );
}

const exists = new KubeError(409, "AlreadyExists", "exists");

test("defaults are created, then recorded together", async () => {
  expect(await run({ seen: membership(), others: [environment("prod")] })).toEqual([
    `create ${atProd}`,
    `create ${atOrganization}`,
    `record ${atProd},${atOrganization}`,
  ]);
});

test("what is recorded is not given again", async () => {
  expect(await run({ seen: membership([atOrganization]) })).toEqual([]);
});

test("a record that the operator has not seen yet counts", async () => {
  expect(await run({ seen: membership(), now: membership([atOrganization]) })).toEqual([]);
});

test.each([
  ["is gone by now", membership(undefined, { uid: "another" })],
  ["is going by now", membership(undefined, going)],
])("a Membership that %s gets nothing", async (_name, now) => {
  expect(await run({ seen: membership(), now })).toEqual([]);
});

test("a Membership that is going gets nothing", async () => {
  expect(await run({ seen: membership(undefined, going) })).toEqual([]);
});

test("nothing is recorded when creating fails", async () => {
  const api = new RecordingApi();
  api.failures.set(`create AccessRoleBinding/${atOrganization}`, [new KubeError(500, "InternalError", "no")]);
  await expect(run({ seen: membership(), api, others: [environment("prod")] })).rejects.toThrow(KubeError);
  expect(api.writes.map(({ verb }) => verb)).toEqual(["create"]);
});

test("a binding that was created before a crash is recorded", async () => {
  const api = new RecordingApi();
  api.failures.set(`create AccessRoleBinding/${atOrganization}`, [exists]);
  const ownerReferences = [{ kind: "Membership", name: "zoe", uid: "uid-zoe" }];
  api.hold(anObject("AccessRoleBinding", atOrganization, {}, { ownerReferences }));
  expect(await run({ seen: membership(), api })).toEqual([`record ${atOrganization}`]);
});

test("someone else's binding of that name stands in for the default", async () => {
  const api = new RecordingApi();
  api.failures.set(`create AccessRoleBinding/${atOrganization}`, [exists]);
  api.hold(anObject("AccessRoleBinding", atOrganization, {}));
  expect(await run({ seen: membership(), api })).toEqual([`record ${atOrganization}`]);
});

test("a leftover of an earlier Membership of that name is replaced", async () => {
  const api = new RecordingApi();
  api.failures.set(`create AccessRoleBinding/${atOrganization}`, [exists]);
  const ownerReferences = [{ kind: "Membership", name: "zoe", uid: "earlier" }];
  api.hold(anObject("AccessRoleBinding", atOrganization, {}, { ownerReferences }));
  expect(await run({ seen: membership(), api })).toEqual([
    `delete ${atOrganization}`,
    `create ${atOrganization}`,
    `record ${atOrganization}`,
  ]);
});

test("the record of an environment that is gone goes; that of one being deleted stays", async () => {
  const seen = membership([atOrganization, atProd, "default-zoe-environment-old"]);
  const others = [environment("prod", going)];
  expect(await run({ seen, others })).toEqual([`record ${atProd},${atOrganization}`]);
});

test("no more are given than can be recorded", async () => {
  const others = Array.from({ length: 4200 }, (_, i) => environment(`e-${i}`));
  const writes = await run({ seen: membership(), others });
  expect(writes.filter((write) => write.startsWith("create"))).toHaveLength(4096);
  const given = (writes.at(-1) ?? "").replace("record ", "").split(",");
  expect(await run({ seen: membership(given), others })).toEqual([]);
});

test("a namespace that goes refuses new bindings, which is no failure", async () => {
  const forbidden = new KubeError(403, "Forbidden", "namespace is being terminated");
  const api = new RecordingApi();
  api.failures.set(`create AccessRoleBinding/${atOrganization}`, [forbidden, forbidden]);
  expect(await run({ seen: membership(), api, isNamespaceTerminating: true })).toEqual([]);
  await expect(run({ seen: membership(), api })).rejects.toBe(forbidden);
});
