import { expect, test } from "vitest";
import { type ContractFixture, EVENTUALLY, refused, succeeded, workspace } from "./contract-fixture.ts";
import { causesOf, type Json, namesIn, revisionOf, textOf } from "./json.ts";

const FINALIZER = "sidegate.dev/test";

/** Deletion, finalizers and preconditions. */
export function describeDeleting(fixture: ContractFixture): void {
  const path = (name = "w") => `${fixture.workspaces}/${name}`;
  const list = async () => namesIn(succeeded(await fixture.get(fixture.workspaces)));
  const held = async () =>
    succeeded(await fixture.post(fixture.workspaces, workspace("w", {}, { finalizers: [FINALIZER] })));

  test("a deletion is answered with the uid of what is gone", async () => {
    const [created] = (await fixture.create("w")) as [Json];
    const answer = succeeded(await fixture.delete(path()));
    expect(answer).toMatchObject({ kind: "Status", status: "Success" });
    const details = { name: "w", group: "sidegate.dev", kind: "workspaces", uid: created.metadata?.uid };
    expect(answer.details).toEqual(details);
    refused(await fixture.get(path()), 404, "NotFound");
    refused(await fixture.delete(path()), 404, "NotFound");
  });

  test("a name can be used again, by another object", async () => {
    const [first] = (await fixture.create("w")) as [Json];
    await fixture.delete(path());
    const [second] = (await fixture.create("w")) as [Json];
    expect(second.metadata?.uid).not.toBe(first.metadata?.uid);
    expect(revisionOf(second)).toBeGreaterThan(revisionOf(first));
  });

  test("preconditions must hold", async () => {
    const [created] = (await fixture.create("w")) as [Json];
    const { uid, resourceVersion } = created.metadata as Json;
    const other = refused(
      await fixture.delete(path(), { preconditions: { uid: "another" } }),
      409,
      "Conflict",
    );
    expect(textOf(other.message)).toContain(
      "the UID in the precondition (another) does not match the UID in record",
    );
    const changed = succeeded(await fixture.patch(path(), { spec: { displayName: "W" } }));
    const stale = refused(
      await fixture.delete(path(), { preconditions: { uid, resourceVersion } }),
      409,
      "Conflict",
    );
    expect(textOf(stale.message)).toContain("does not match the ResourceVersion in record");
    const current = { uid, resourceVersion: changed.metadata?.resourceVersion };
    succeeded(await fixture.delete(path(), { preconditions: current }));
  });

  test("an object with a finalizer stays, marked, until it is taken away", async () => {
    const before = await held();
    const watch = await fixture.watch(
      fixture.workspaces,
      `resourceVersion=${before.metadata?.resourceVersion}`,
    );
    const marked = succeeded(await fixture.delete(path()));
    expect(marked).toMatchObject({ kind: "Workspace", metadata: { generation: 2, finalizers: [FINALIZER] } });
    expect(textOf(marked.metadata?.deletionTimestamp)).toMatch(/^\d{4}-.*Z$/);
    expect(succeeded(await fixture.get(path()))).toEqual(marked);
    expect(succeeded(await fixture.delete(path()))).toEqual(marked);
    const released = await fixture.patch(path(), { metadata: { finalizers: null } });
    expect(succeeded(released).metadata?.finalizers).toBeUndefined();
    refused(await fixture.get(path()), 404, "NotFound");
    const events = await watch.take(2);
    expect(events.map(({ type }) => type)).toEqual(["MODIFIED", "DELETED"]);
    expect(events[0]?.object).toEqual(marked);
    expect(revisionOf(events[1]?.object as Json)).toBeGreaterThan(revisionOf(marked));
  });

  test("while it is being deleted an object can be changed, but neither saved nor held by more", async () => {
    await held();
    const { metadata } = succeeded(await fixture.delete(path()));
    const changed = succeeded(await fixture.patch(path(), { spec: { displayName: "W" } }));
    expect(changed.metadata?.generation).toBe(3);
    const saved = succeeded(await fixture.patch(path(), { metadata: { deletionTimestamp: null } }));
    expect(saved.metadata?.deletionTimestamp).toBe(metadata?.deletionTimestamp);
    const more = { metadata: { finalizers: [FINALIZER, "sidegate.dev/more"] } };
    const status = refused(await fixture.patch(path(), more), 422, "Invalid");
    expect(causesOf(status)).toContainEqual(
      expect.objectContaining({ field: "metadata.finalizers", reason: "FieldValueForbidden" }),
    );
    succeeded(await fixture.patch(path(), { metadata: { finalizers: [] } }));
    await fixture.gone(path());
  });

  test("a status write does not let go of an object that is being deleted", async () => {
    await held();
    const marked = succeeded(await fixture.delete(path()));
    const sent = {
      ...marked,
      metadata: { ...marked.metadata, finalizers: [] },
      status: { observedGeneration: 2 },
    };
    const after = succeeded(await fixture.put(`${path()}/status`, sent));
    expect(after).toMatchObject({ metadata: { finalizers: [FINALIZER] }, status: { observedGeneration: 2 } });
    succeeded(await fixture.patch(path(), { metadata: { finalizers: null } }));
  });

  test("a collection is deleted as far as it is selected", async () => {
    for (const name of ["a", "b", "c"]) {
      const labels = { letter: name };
      succeeded(await fixture.post(fixture.workspaces, workspace(name, {}, { labels })));
    }
    const answer = succeeded(await fixture.delete(`${fixture.workspaces}?labelSelector=letter%20in%20(a,b)`));
    expect(answer.kind).toBe("WorkspaceList");
    expect(await list()).toEqual(["c"]);
    succeeded(await fixture.delete(fixture.workspaces));
    expect(await list()).toEqual([]);
  });

  test("a dry run deletes nothing", async () => {
    await fixture.create("w");
    succeeded(await fixture.delete(`${path()}?dryRun=All`));
    succeeded(await fixture.get(path()));
  });

  test("unknown options are refused", async () => {
    await fixture.create("w");
    refused(await fixture.delete(path(), { propagationPolicy: "Sideways" }), 422, "Invalid");
    refused(await fixture.delete(`${path()}?dryRun=Some`), 422, "Invalid");
    const both = { propagationPolicy: "Orphan", orphanDependents: true };
    refused(await fixture.delete(path(), both), 422, "Invalid");
    refused(await fixture.api.send("DELETE", path(), { body: "{not json" }), 500, undefined);
  });

  test("a namespace takes its objects along, and takes no new ones meanwhile", async () => {
    await held();
    await fixture.create("free");
    const namespace = `/api/v1/namespaces/${fixture.namespace}`;
    const marked = succeeded(await fixture.delete(namespace));
    expect(marked).toMatchObject({ kind: "Namespace", status: { phase: "Terminating" } });
    const status = refused(await fixture.post(fixture.workspaces, workspace("late")), 403, "Forbidden");
    const reason = { reason: "NamespaceTerminating", field: "metadata.namespace" };
    expect(causesOf(status)).toMatchObject([reason]);
    await fixture.gone(path("free"));
    await expect
      .poll(async () => (await fixture.get(path())).body.metadata?.deletionTimestamp, EVENTUALLY)
      .toBeTypeOf("string");
    succeeded(await fixture.patch(path(), { metadata: { finalizers: null } }));
    await fixture.gone(namespace);
  });
}
