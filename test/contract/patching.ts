import { expect, test } from "vitest";
import {
  type ContractFixture,
  condition,
  JSON_PATCH,
  MERGE,
  refused,
  STRATEGIC,
  succeeded,
  workspace,
} from "./contract-fixture.ts";
import { type Json, revisionOf } from "./json.ts";

/** Merge patches, JSON patches and what is no patch. */
export function describePatching(fixture: ContractFixture): void {
  const path = () => `${fixture.workspaces}/w`;
  const spec = { displayName: "W", attributes: { a: "1", b: "2" } };
  const created = async () => succeeded(await fixture.post(fixture.workspaces, workspace("w", spec)));

  test("a merge patch sets fields, merges maps, and a null takes away", async () => {
    await created();
    const after = succeeded(
      await fixture.patch(path(), { spec: { displayName: null, attributes: { a: null, c: "3" } } }),
    );
    expect(after.spec).toEqual({ organization: "acme", attributes: { b: "2", c: "3" } });
    expect(after.metadata?.generation).toBe(2);
  });

  test("a null for a field with a default brings the default back", async () => {
    const domain = {
      apiVersion: "sidegate.dev/v1alpha1",
      kind: "AccessDomain",
      metadata: { name: "default" },
      spec: { membership: "Optional" },
    };
    succeeded(await fixture.post(fixture.path("accessdomains"), domain));
    const after = await fixture.patch(fixture.path("accessdomains/default"), { spec: { membership: null } });
    expect(succeeded(after).spec?.membership).toBe("Required");
  });

  test("a merge patch replaces lists", async () => {
    const member = (name: string) => ({ kind: "User", name });
    const group = {
      apiVersion: "sidegate.dev/v1alpha1",
      kind: "AccessGroup",
      metadata: { name: "g" },
      spec: { members: [member("ann"), member("bob")] },
    };
    succeeded(await fixture.post(fixture.path("accessgroups"), group));
    const after = await fixture.patch(fixture.path("accessgroups/g"), { spec: { members: [member("cid")] } });
    expect(succeeded(after).spec?.members).toEqual([member("cid")]);
  });

  test("a merge patch of metadata adds and removes labels and finalizers", async () => {
    await created();
    const add = { labels: { a: "1", b: "2" }, finalizers: ["sidegate.dev/test"] };
    expect(succeeded(await fixture.patch(path(), { metadata: add })).metadata).toMatchObject(add);
    const take = { labels: { a: null }, finalizers: null };
    const { metadata } = succeeded(await fixture.patch(path(), { metadata: take }));
    expect([metadata?.labels, metadata?.finalizers, metadata?.generation]).toEqual([
      { b: "2" },
      undefined,
      1,
    ]);
  });

  test("a patch that changes nothing leaves the object as it is", async () => {
    const before = await created();
    expect(succeeded(await fixture.patch(path(), { spec: { displayName: "W" } }))).toEqual(before);
  });

  test("a patch may name the version it is based on", async () => {
    const before = await created();
    const { resourceVersion } = before.metadata as Json;
    const based = (displayName: string) => ({ metadata: { resourceVersion }, spec: { displayName } });
    succeeded(await fixture.patch(path(), based("first")));
    refused(await fixture.patch(path(), based("second")), 409, "Conflict");
  });

  test("patches without a version do not collide", async () => {
    await created();
    const names = Array.from({ length: 10 }, (_, i) => `k${i}`);
    const answers = await Promise.all(
      names.map((name) => fixture.patch(path(), { spec: { attributes: { [name]: "x" } } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    const { spec: after } = succeeded(await fixture.get(path()));
    expect(Object.keys(after?.attributes ?? {}).sort()).toEqual(["a", "b", ...names].sort());
  });

  test("a patch of the status changes the status alone", async () => {
    const before = await created();
    const conditions = [condition("Accepted", "True")];
    const patch = { spec: { displayName: "no" }, metadata: { labels: { no: "no" } }, status: { conditions } };
    const after = succeeded(await fixture.patch(`${path()}/status`, patch));
    expect(after).toMatchObject({ spec: before.spec, status: { conditions }, metadata: { generation: 1 } });
    expect(after.metadata?.labels).toBeUndefined();
    const removed = succeeded(await fixture.patch(`${path()}/status`, { status: { conditions: null } }));
    expect(removed.status).toEqual({});
  });

  test("a patch of the object does not reach its status", async () => {
    await created();
    const after = succeeded(await fixture.patch(path(), { status: { observedGeneration: 9 } }));
    expect(after.status).toBeUndefined();
  });

  test("a JSON patch does its operations in order", async () => {
    await created();
    const after = succeeded(
      await fixture.patch(
        path(),
        [
          { op: "test", path: "/spec/displayName", value: "W" },
          { op: "add", path: "/spec/attributes/c~1d", value: "3" },
          { op: "move", from: "/spec/attributes/a", path: "/spec/attributes/z" },
          { op: "copy", from: "/spec/attributes/b", path: "/spec/attributes/y" },
          { op: "replace", path: "/spec/displayName", value: "V" },
          { op: "remove", path: "/spec/attributes/b" },
        ],
        JSON_PATCH,
      ),
    );
    expect(after.spec).toEqual({
      organization: "acme",
      displayName: "V",
      attributes: { "c/d": "3", y: "2", z: "1" },
    });
  });

  test("a JSON patch replaces even what is not there, where it could be added", async () => {
    await fixture.create("w");
    const after = await fixture.patch(
      path(),
      [{ op: "replace", path: "/spec/displayName", value: "W" }],
      JSON_PATCH,
    );
    expect(succeeded(after).spec?.displayName).toBe("W");
  });

  test.each([
    ["a test that fails", [{ op: "test", path: "/spec/displayName", value: "no" }]],
    ["a path that is not there", [{ op: "remove", path: "/spec/nothing" }]],
    ["an index out of bounds", [{ op: "add", path: "/metadata/finalizers/5", value: "x" }]],
    ["an unknown operation", [{ op: "improve", path: "/spec" }]],
    ["a path that hangs in the air", [{ op: "add", path: "/spec/nothing/more", value: 1 }]],
  ])("a JSON patch with %s is refused as a whole", async (_, operations) => {
    const before = await created();
    refused(
      await fixture.patch(path(), [{ op: "remove", path: "/spec/displayName" }, ...operations], JSON_PATCH),
      422,
      "Invalid",
    );
    expect(revisionOf(succeeded(await fixture.get(path())))).toBe(revisionOf(before));
  });

  test("custom resources take no strategic merge patches; kinds that are built in do", async () => {
    await created();
    refused(await fixture.patch(path(), { spec: {} }, STRATEGIC), 415, "UnsupportedMediaType");
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "l" }, spec: {} };
    succeeded(await fixture.post(fixture.leases, lease));
    const after = await fixture.patch(`${fixture.leases}/l`, { spec: { holderIdentity: "me" } }, STRATEGIC);
    expect(succeeded(after).spec).toEqual({ holderIdentity: "me" });
  });

  test("a strategic merge patch adds finalizers, and takes them away when told so", async () => {
    const metadata = { name: "l", finalizers: ["sidegate.dev/a"] };
    succeeded(
      await fixture.post(fixture.leases, {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata,
        spec: {},
      }),
    );
    const patch = async (change: object) =>
      succeeded(await fixture.patch(`${fixture.leases}/l`, { metadata: change }, STRATEGIC)).metadata
        ?.finalizers;
    expect(await patch({ finalizers: ["sidegate.dev/b"] })).toEqual(["sidegate.dev/b", "sidegate.dev/a"]);
    expect(await patch({ "$deleteFromPrimitiveList/finalizers": ["sidegate.dev/a"] })).toEqual([
      "sidegate.dev/b",
    ]);
    expect(await patch({ finalizers: null })).toBeUndefined();
  });

  test("what is no patch is refused", async () => {
    await created();
    refused(await fixture.patch(path(), { spec: {} }, "application/json"), 415, "UnsupportedMediaType");
    refused(await fixture.patch(path(), "{not json", MERGE), 400, "BadRequest");
    refused(await fixture.patch(`${fixture.workspaces}/none`, { spec: {} }), 404, "NotFound");
    refused(await fixture.patch(`${path()}?force=true`, { spec: {} }), 422, "Invalid");
  });

  test("a patch can change neither name nor uid", async () => {
    await created();
    refused(await fixture.patch(path(), { metadata: { name: "other" } }), 400, "BadRequest");
    refused(await fixture.patch(path(), { metadata: { uid: "other" } }), 422, "Invalid");
  });

  test("a patch must leave a valid object", async () => {
    const before = await created();
    refused(await fixture.patch(path(), { spec: { organization: null } }), 422, "Invalid");
    refused(await fixture.patch(path(), { spec: { organization: "other" } }), 422, "Invalid");
    expect(succeeded(await fixture.get(path()))).toEqual(before);
  });

  test("unknown fields are dropped with a warning, or refused when asked to be strict", async () => {
    const before = await created();
    const answer = await fixture.patch(path(), { spec: { unknown: 1 } });
    expect(succeeded(answer)).toEqual(before);
    expect(answer.headers.warning).toBe('299 - "unknown field \\"spec.unknown\\""');
    refused(
      await fixture.patch(`${path()}?fieldValidation=Strict`, { spec: { unknown: 1 } }),
      422,
      "Invalid",
    );
  });
}
