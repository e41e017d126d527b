import { expect, test } from "vitest";
import { type ContractFixture, condition, refused, succeeded, workspace } from "./contract-fixture.ts";
import { causesOf, type Json, revisionOf, textOf } from "./json.ts";

/** Whole-object writes, of the object and of its status. */
export function describeUpdating(fixture: ContractFixture): void {
  const path = (name = "w") => `${fixture.workspaces}/${name}`;
  const created = async () => ((await fixture.create("w")) as [Json])[0];
  const withSpec = (object: Json, spec: object) => ({ ...object, spec: { ...object.spec, ...spec } });
  const withMeta = (object: Json, metadata: object) => ({
    ...object,
    metadata: { ...object.metadata, ...metadata },
  });

  test("a change of the spec raises the generation and the resourceVersion", async () => {
    const before = await created();
    const after = succeeded(await fixture.put(path(), withSpec(before, { displayName: "W" })));
    expect(after).toMatchObject({
      metadata: { generation: 2 },
      spec: { displayName: "W", organization: "acme" },
    });
    expect(revisionOf(after)).toBeGreaterThan(revisionOf(before));
    expect(after.metadata?.uid).toBe(before.metadata?.uid);
  });

  test("a change of the metadata alone leaves the generation", async () => {
    const before = await created();
    const changes = { labels: { a: "b" }, annotations: { c: "d" }, finalizers: ["sidegate.dev/test"] };
    const after = succeeded(await fixture.put(path(), withMeta(before, changes)));
    expect(after.metadata).toMatchObject({ generation: 1, ...changes });
    expect(revisionOf(after)).toBeGreaterThan(revisionOf(before));
    const cleared = succeeded(await fixture.put(path(), withMeta(after, { labels: {}, finalizers: [] })));
    expect([cleared.metadata?.labels, cleared.metadata?.finalizers]).toEqual([undefined, undefined]);
  });

  test("no change leaves the object as it is", async () => {
    const before = await created();
    expect(succeeded(await fixture.put(path(), before))).toEqual(before);
  });

  test("an update of an older version is refused", async () => {
    const before = await created();
    succeeded(await fixture.put(path(), withSpec(before, { displayName: "first" })));
    const status = refused(
      await fixture.put(path(), withSpec(before, { displayName: "second" })),
      409,
      "Conflict",
    );
    expect(status.message).toBe(
      'Operation cannot be fulfilled on workspaces.sidegate.dev "w": the object has been modified; please apply your ' +
        "changes to the latest version and try again",
    );
    expect(status.details).toEqual({ name: "w", group: "sidegate.dev", kind: "workspaces" });
    expect(succeeded(await fixture.get(path())).spec?.displayName).toBe("first");
  });

  test("an update must name the version it is based on", async () => {
    await created();
    const status = refused(await fixture.put(path(), workspace("w", { displayName: "x" })), 422, "Invalid");
    expect(causesOf(status)).toMatchObject([{ field: "metadata.resourceVersion" }]);
  });

  test("an update of what is not there is refused", async () => {
    refused(
      await fixture.put(path("none"), workspace("none", {}, { resourceVersion: "1" })),
      404,
      "NotFound",
    );
  });

  test("an update by another name, or by none, is refused", async () => {
    const before = await created();
    refused(await fixture.put(path(), withMeta(before, { name: undefined })), 400, "BadRequest");
    refused(await fixture.put(path(), withMeta(before, { name: "other" })), 400, "BadRequest");
  });

  test("an update of an object that was replaced meanwhile is refused", async () => {
    const before = await created();
    const uid = "00000000-0000-4000-8000-000000000000";
    refused(await fixture.put(path(), withMeta(before, { uid })), 409, "Conflict");
  });

  test("system fields are the server's, whatever the client sends", async () => {
    const before = await created();
    const sent = { uid: undefined, creationTimestamp: undefined, generation: 77, labels: { a: "b" } };
    const { metadata } = succeeded(await fixture.put(path(), withMeta(before, sent)));
    const { uid, creationTimestamp } = before.metadata as Json;
    expect(metadata).toMatchObject({ uid, creationTimestamp, generation: 1, labels: { a: "b" } });
  });

  test("a rule about changes is enforced", async () => {
    const before = await created();
    const status = refused(
      await fixture.put(path(), withSpec(before, { organization: "other" })),
      422,
      "Invalid",
    );
    expect(textOf(status.message)).toContain("a workspace stays in its organization");
  });

  test("a write of the object leaves its status", async () => {
    const before = await created();
    const status = { observedGeneration: 1 };
    const reported = succeeded(await fixture.put(`${path()}/status`, { ...before, status }));
    const after = succeeded(
      await fixture.put(path(), { ...withSpec(reported, { displayName: "W" }), status: {} }),
    );
    expect([after.status, after.metadata?.generation]).toEqual([status, 2]);
    const without = { ...withSpec(after, { displayName: "V" }), status: undefined };
    expect(succeeded(await fixture.put(path(), without)).status).toEqual(status);
  });

  test("a write of the status leaves all else, the generation too", async () => {
    const before = await created();
    const sent = {
      ...withMeta(withSpec(before, { displayName: "no" }), { labels: { no: "no" } }),
      status: { observedGeneration: 1 },
    };
    const after = succeeded(await fixture.put(`${path()}/status`, sent));
    expect(after).toMatchObject({
      spec: before.spec,
      status: { observedGeneration: 1 },
      metadata: { generation: 1 },
    });
    expect(after.metadata?.labels).toBeUndefined();
    expect(revisionOf(after)).toBeGreaterThan(revisionOf(before));
    expect(succeeded(await fixture.get(path()))).toEqual(after);
    expect(succeeded(await fixture.get(`${path()}/status`))).toEqual(after);
  });

  test("a status of an older version, or of nothing, is refused", async () => {
    const before = await created();
    succeeded(await fixture.put(path(), withSpec(before, { displayName: "W" })));
    const status = { observedGeneration: 1 };
    refused(await fixture.put(`${path()}/status`, { ...before, status }), 409, "Conflict");
    const none = workspace("none", {}, { resourceVersion: "1" });
    refused(await fixture.put(`${path("none")}/status`, { ...none, status }), 404, "NotFound");
  });

  test("a status must fit the schema too", async () => {
    const before = await created();
    const status = { conditions: [condition("Accepted", "Perhaps", { message: undefined })] };
    const answer = refused(await fixture.put(`${path()}/status`, { ...before, status }), 422, "Invalid");
    const fields = causesOf(answer).map(({ field }) => field);
    expect(fields).toContain("status.conditions[0].status");
    expect(fields).toContain("status.conditions[0].message");
  });

  test("a condition may stand in the status once", async () => {
    const before = await created();
    const status = { conditions: [condition("Accepted", "True"), condition("Accepted", "False")] };
    const answer = refused(await fixture.put(`${path()}/status`, { ...before, status }), 422, "Invalid");
    expect(causesOf(answer)).toContainEqual(
      expect.objectContaining({ reason: "FieldValueDuplicate", field: "status.conditions[1]" }),
    );
  });
}
