import { expect, test } from "vitest";
import { type ContractFixture, GROUP, MERGE, refused, succeeded, workspace } from "./contract-fixture.ts";
import { type Json, revisionOf, textOf } from "./json.ts";
import type { WatchEvent } from "./watch-stream.ts";

const summary = ({ type, object }: WatchEvent) => `${type} ${object.metadata?.name}`;

/** The stream of changes that a reflector lives on. */
export function describeWatching(fixture: ContractFixture): void {
  const now = async () =>
    textOf(succeeded(await fixture.get(`${fixture.workspaces}?limit=1`)).metadata?.resourceVersion);
  const label = (name: string, labels: object) =>
    fixture.patch(`${fixture.workspaces}/${name}`, { metadata: { labels } });

  test("a watch from a list shows what comes after it, in order", async () => {
    await fixture.create("before");
    const watch = await fixture.watch(fixture.workspaces, `resourceVersion=${await now()}`);
    const [created] = (await fixture.create("w")) as [Json];
    const changed = succeeded(await fixture.patch(`${fixture.workspaces}/w`, { spec: { displayName: "W" } }));
    succeeded(await fixture.delete(`${fixture.workspaces}/w`));
    const events = await watch.take(3);
    expect(events.map(summary)).toEqual(["ADDED w", "MODIFIED w", "DELETED w"]);
    expect(events.slice(0, 2).map(({ object }) => object)).toEqual([created, changed]);
  });

  test("a deletion shows the last state with the resourceVersion at which it went", async () => {
    const [created] = (await fixture.create("w")) as [Json];
    const watch = await fixture.watch(fixture.workspaces, `resourceVersion=${await now()}`);
    await fixture.delete(`${fixture.workspaces}/w`);
    const [event] = (await watch.take(1)) as [WatchEvent];
    expect(event).toMatchObject({
      type: "DELETED",
      object: { kind: "Workspace", spec: { organization: "acme" } },
    });
    expect(revisionOf(event.object)).toBeGreaterThan(revisionOf(created));
  });

  test("a watch makes up for what was missed since its resourceVersion", async () => {
    const since = await now();
    await fixture.create("a", "b");
    await fixture.delete(`${fixture.workspaces}/a`);
    const watch = await fixture.watch(fixture.workspaces, `resourceVersion=${since}`);
    expect((await watch.take(3)).map(summary)).toEqual(["ADDED a", "ADDED b", "DELETED a"]);
  });

  test.each(["", "resourceVersion=0"])("a watch with %j begins with what is there", async (query) => {
    await fixture.create("a", "b");
    // A cache that lags behind would show the objects as new ones, which looks the same.
    const watch = await fixture.watch(fixture.workspaces, query);
    expect((await watch.take(2)).map(summary).sort()).toEqual(["ADDED a", "ADDED b"]);
    await fixture.create("c");
    expect((await watch.take(1)).map(summary)).toEqual(["ADDED c"]);
  });

  test("what begins or ceases to match a label selector comes and goes", async () => {
    const watch = await fixture.watch(
      fixture.workspaces,
      `resourceVersion=${await now()}&labelSelector=on%3Dyes`,
    );
    await fixture.create("w");
    await label("w", { on: "yes" });
    await label("w", { also: "this" });
    const left = succeeded(await label("w", { on: "no" }));
    await label("w", { on: "yes" });
    await fixture.delete(`${fixture.workspaces}/w`);
    const events = await watch.take(5);
    expect(events.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED"]);
    // The object as it was when it still matched, at the revision at which it did not any more.
    expect(events[2]?.object.metadata).toMatchObject({ labels: { on: "yes", also: "this" } });
    expect(revisionOf(events[2]?.object as Json)).toBe(revisionOf(left));
  });

  test("a field selector narrows a watch to one object", async () => {
    const selector = encodeURIComponent("metadata.name=mine");
    const watch = await fixture.watch(
      fixture.workspaces,
      `resourceVersion=${await now()}&fieldSelector=${selector}`,
    );
    await fixture.create("other", "mine");
    expect((await watch.take(1)).map(summary)).toEqual(["ADDED mine"]);
  });

  test("a watch in a namespace does not see others; one of all namespaces does", async () => {
    const other = await fixture.createNamespace();
    const since = await now();
    const inside = await fixture.watch(fixture.workspaces, `resourceVersion=${since}`);
    const selector = "labelSelector=seen%3Dhere";
    const everywhere = await fixture.watch(`${GROUP}/workspaces`, `resourceVersion=${since}&${selector}`);
    const labels = { seen: "here" };
    succeeded(await fixture.post(fixture.path("workspaces", other), workspace("there", {}, { labels })));
    succeeded(await fixture.post(fixture.workspaces, workspace("here", {}, { labels })));
    expect((await everywhere.take(2)).map(summary)).toEqual(["ADDED there", "ADDED here"]);
    expect((await inside.take(1)).map(summary)).toEqual(["ADDED here"]);
  });

  test("a write that changes nothing makes no event", async () => {
    const [created] = (await fixture.create("w")) as [Json];
    const watch = await fixture.watch(fixture.workspaces, `resourceVersion=${await now()}`);
    succeeded(await fixture.put(`${fixture.workspaces}/w`, created));
    succeeded(await fixture.patch(`${fixture.workspaces}/w`, { spec: { organization: "acme" } }));
    await fixture.create("next");
    expect((await watch.take(1)).map(summary)).toEqual(["ADDED next"]);
  });

  test("a watch ends in good order after the time that was asked for, with a bookmark before", async () => {
    await fixture.create("w");
    const since = await now();
    const watch = await fixture.watch(
      fixture.workspaces,
      `resourceVersion=${since}&allowWatchBookmarks=true&timeoutSeconds=4`,
    );
    const events = await watch.rest();
    expect(events.map(({ type }) => type)).toContain("BOOKMARK");
    const { object } = events.at(-1) as WatchEvent;
    expect(object).toMatchObject({ kind: "Workspace", apiVersion: "sidegate.dev/v1alpha1" });
    expect(revisionOf(object)).toBeGreaterThanOrEqual(BigInt(since));
    expect(Object.keys(object.metadata ?? {}).filter((field) => field !== "creationTimestamp")).toEqual([
      "resourceVersion",
    ]);
  });

  test("a bookmark covers what happened elsewhere, and a watch can go on from it", async () => {
    const watch = await fixture.watch(
      fixture.workspaces,
      `resourceVersion=${await now()}&allowWatchBookmarks=true&timeoutSeconds=5`,
    );
    const other = await fixture.createNamespace();
    const elsewhere = succeeded(await fixture.post(fixture.path("workspaces", other), workspace("w")));
    const { object } = (await watch.rest()).at(-1) as WatchEvent;
    expect(revisionOf(object)).toBeGreaterThanOrEqual(revisionOf(elsewhere));
    await fixture.create("after");
    const next = await fixture.watch(
      fixture.workspaces,
      `resourceVersion=${object.metadata?.resourceVersion}`,
    );
    expect((await next.take(1)).map(summary)).toEqual(["ADDED after"]);
  });

  test("who asks for no bookmarks gets none", async () => {
    const watch = await fixture.watch(fixture.workspaces, `resourceVersion=${await now()}&timeoutSeconds=3`);
    expect(await watch.rest()).toEqual([]);
  });

  test("initial events end with a bookmark that says so", async () => {
    await fixture.create("a", "b");
    const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const watch = await fixture.watch(fixture.workspaces, query);
    const events = await watch.take(3);
    expect(events.map(({ type }) => type)).toEqual(["ADDED", "ADDED", "BOOKMARK"]);
    expect(events[2]?.object.metadata?.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
    await fixture.create("c");
    const rest = await watch.take(1);
    expect(rest.map(summary)).toEqual(["ADDED c"]);
  });

  test("a watch from before the history gets an error event 410 and ends", async () => {
    await fixture.create("w");
    const watch = await fixture.watch(fixture.workspaces, "resourceVersion=1&allowWatchBookmarks=true");
    const events = await watch.rest();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: "ERROR",
      object: { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Expired", code: 410 },
    });
    expect(textOf(events[0]?.object.message)).toMatch(/^too old resource version: 1 \(\d+\)$/);
  });

  test("a watch from a resourceVersion that is no number is refused", async () => {
    refused(await fixture.get(`${fixture.workspaces}?watch=true&resourceVersion=abc`), 500, undefined);
    refused(await fixture.get(`${fixture.workspaces}?watch=true&timeoutSeconds=soon`), 400, "BadRequest");
  });

  test("a watch says nothing of what was before its resourceVersion, even if that is still to come", async () => {
    const ahead = BigInt(await now()) + 2n;
    const watch = await fixture.watch(fixture.workspaces, `resourceVersion=${ahead}`);
    const [first, second, third] = (await fixture.create("a", "b", "c")) as [Json, Json, Json];
    const later = [first, second, third].filter((object) => revisionOf(object) > ahead);
    expect((await watch.take(later.length)).map(({ object }) => object)).toEqual(later);
    expect(later).not.toContain(first);
  });

  test("leases are watched like other objects", async () => {
    const { metadata } = succeeded(await fixture.get(fixture.leases));
    const watch = await fixture.watch(fixture.leases, `resourceVersion=${metadata?.resourceVersion}`);
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "l" }, spec: {} };
    succeeded(await fixture.post(fixture.leases, lease));
    succeeded(await fixture.patch(`${fixture.leases}/l`, { spec: { holderIdentity: "me" } }, MERGE));
    const events = await watch.take(2);
    expect(events.map(summary)).toEqual(["ADDED l", "MODIFIED l"]);
    expect(events[1]?.object).toMatchObject({ kind: "Lease", spec: { holderIdentity: "me" } });
  });
}
