import { expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { anObject, going, worldOf } from "../../test/support/objects.ts";
import { RecordingApi } from "../../test/support/recording-api.ts";
import { KubeError } from "../kube/kube-error.ts";
import { ensureLeaving } from "./ensure-leaving.ts";
import { LEAVING } from "./finalizers.ts";

const membership = (metadata: object = { ...going, finalizers: ["other", LEAVING] }, name = "zoe") =>
  anObject("Membership", name, { organization: "acme", subject: { kind: "User", name: "zoe" } }, metadata);
const binding = (name: string, scope: object, ...users: string[]) =>
  anObject("AccessRoleBinding", name, {
    role: "viewer",
    subjects: users.map((user) => ({ kind: "User", name: user })),
    scope,
  });
const atAcme = { kind: "Organization", name: "acme" };

interface Setting {
  readonly object?: ReturnType<typeof membership>;
  readonly others?: SidegateObject[];
  readonly isNamespaceTerminating?: boolean;
  readonly isEffective?: boolean;
  readonly api?: RecordingApi;
}

async function run(setting: Setting) {
  const { object = membership(), others = [], api = new RecordingApi() } = setting;
  const calls: string[] = [];
  const handler = ensureLeaving({
    isNamespaceTerminating: async () => setting.isNamespaceTerminating ?? false,
    isEffective(domain, key) {
      calls.push(`ask ${domain} ${key}`);
      return setting.isEffective ?? true;
    },
    forget: (key) => calls.push(`forget ${key}`),
  });
  await handler({ domain: "shop", key: "k", object, world: worldOf(object, ...others), api });
  return { writes: api.writes, calls };
}

test("a Membership gets the finalizer beside those that it has", async () => {
  const { writes } = await run({ object: membership({ finalizers: ["other"] }) });
  const metadata = { uid: "uid-zoe", resourceVersion: "7", finalizers: ["other", LEAVING] };
  expect(writes).toEqual([{ verb: "patch", kind: "Membership", name: "zoe", body: { metadata } }]);
});

test("one that has it is left alone", async () => {
  expect((await run({ object: membership({ finalizers: [LEAVING] }) })).writes).toEqual([]);
});

test("one that is going without it is left alone", async () => {
  expect((await run({ object: membership({ ...going, finalizers: ["other"] }) })).writes).toEqual([]);
});

test("bindings are changed or deleted only as they were read, and the Membership waits", async () => {
  const others = [binding("alone", atAcme, "zoe"), binding("both", atAcme, "ann", "zoe")];
  const { writes, calls } = await run({ others });
  expect(writes).toEqual([
    {
      verb: "delete",
      kind: "AccessRoleBinding",
      name: "alone",
      body: { uid: "uid-alone", resourceVersion: "7" },
    },
    {
      verb: "patch",
      kind: "AccessRoleBinding",
      name: "both",
      body: {
        metadata: { uid: "uid-both", resourceVersion: "7" },
        spec: { subjects: [{ kind: "User", name: "ann" }] },
      },
    },
  ]);
  expect(calls).toEqual(["forget k"]);
});

test("bindings below the organization count, also at scopes that are going; others do not", async () => {
  const others = [
    anObject("Organization", "acme", {}, going),
    anObject("Workspace", "labs", { organization: "acme" }, going),
    anObject("Environment", "labs-dev", { workspace: "labs", type: "development" }, going),
    anObject("Environment", "globex-dev", { organization: "globex", type: "development" }),
    binding("below", { kind: "Environment", name: "labs-dev" }, "zoe"),
    binding("elsewhere", { kind: "Environment", name: "globex-dev" }, "zoe"),
    binding("platform", { kind: "Platform" }, "zoe"),
    anObject("AccessRoleBinding", "robot", {
      role: "viewer",
      subjects: [{ kind: "ServiceAccount", name: "zoe" }],
      scope: atAcme,
    }),
  ];
  const { writes } = await run({ others });
  expect(writes.map(({ verb, name }) => `${verb} ${name}`)).toEqual(["delete below"]);
});

test("with no binding left it waits until that is effective", async () => {
  expect((await run({ isEffective: false })).writes).toEqual([]);
  const { writes, calls } = await run({});
  expect(writes.map(({ body }) => body)).toMatchObject([{ metadata: { finalizers: ["other"] } }]);
  expect(calls).toEqual(["ask shop k", "forget k"]);
});

test("another Membership of the same subject keeps the bindings", async () => {
  const others = [binding("alone", atAcme, "zoe"), membership({}, "zoe-twin")];
  expect((await run({ others })).writes.map(({ name }) => name)).toEqual(["zoe"]);
});

test("a binding that changed meanwhile is an error, so that it is looked at again", async () => {
  const api = new RecordingApi();
  api.failures.set("delete AccessRoleBinding/alone", [new KubeError(409, "Conflict", "changed")]);
  await expect(run({ api, others: [binding("alone", atAcme, "zoe")] })).rejects.toThrow("changed");
  expect(api.writes).toEqual([]);
});

test("a binding that is gone meanwhile is none", async () => {
  const api = new RecordingApi();
  api.failures.set("delete AccessRoleBinding/alone", [new KubeError(404, "NotFound", "gone")]);
  const { calls } = await run({ api, others: [binding("alone", atAcme, "zoe")] });
  expect(calls).toEqual(["forget k"]);
});

test("in a namespace that goes it goes at once", async () => {
  const others = [binding("alone", atAcme, "zoe")];
  const { writes } = await run({ others, isNamespaceTerminating: true, isEffective: false });
  expect(writes.map(({ name }) => name)).toEqual(["zoe"]);
});
