import { expect, test } from "vitest";
import { type ContractFixture, GROUP, refused, succeeded, workspace } from "./contract-fixture.ts";
import { itemsOf, type Json, namesIn, revisionOf, textOf } from "./json.ts";

/** Reads of one object and of many. */
export function describeListing(fixture: ContractFixture): void {
  const list = async (query = "") => succeeded(await fixture.get(`${fixture.workspaces}?${query}`));

  test("a list has its kind, a resourceVersion and whole objects", async () => {
    await fixture.create("b", "a");
    const all = await list();
    expect(all).toMatchObject({ apiVersion: "sidegate.dev/v1alpha1", kind: "WorkspaceList" });
    expect(namesIn(all)).toEqual(["a", "b"]);
    expect(itemsOf(all)[0]).toEqual(succeeded(await fixture.get(`${fixture.workspaces}/a`)));
    expect(all.metadata).toMatchObject({ continue: "" });
  });

  test("items of kinds that are built in do not repeat apiVersion and kind", async () => {
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "l" }, spec: {} };
    succeeded(await fixture.post(fixture.leases, lease));
    const all = succeeded(await fixture.get(fixture.leases));
    expect(all).toMatchObject({ apiVersion: "coordination.k8s.io/v1", kind: "LeaseList" });
    expect(itemsOf(all).map(({ kind, metadata }) => [kind, metadata?.name])).toEqual([[undefined, "l"]]);
  });

  test("the resourceVersion of a list is a number that covers its items and only grows", async () => {
    const [first] = (await fixture.create("a")) as [Json];
    const before = await list();
    expect(revisionOf(before)).toBeGreaterThanOrEqual(revisionOf(first));
    const [second] = (await fixture.create("b")) as [Json];
    expect(revisionOf(second)).toBeGreaterThan(revisionOf(before));
    expect(revisionOf(await list())).toBeGreaterThanOrEqual(revisionOf(second));
  });

  test("resourceVersions are one sequence over all kinds", async () => {
    const [first] = (await fixture.create("a")) as [Json];
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "l" }, spec: {} };
    const second = succeeded(await fixture.post(fixture.leases, lease));
    const [third] = (await fixture.create("b")) as [Json];
    expect(revisionOf(second)).toBeGreaterThan(revisionOf(first));
    expect(revisionOf(third)).toBeGreaterThan(revisionOf(second));
  });

  test("pages show the state of the first one, whatever changes in between", async () => {
    await fixture.create("a", "b", "c", "d", "e");
    const first = await list("limit=2");
    expect(namesIn(first)).toEqual(["a", "b"]);
    expect(first.metadata?.remainingItemCount).toBe(3);
    await fixture.delete(`${fixture.workspaces}/c`);
    await fixture.create("bb");
    const next = (page: Json) =>
      list(`limit=2&continue=${encodeURIComponent(textOf(page.metadata?.continue))}`);
    const second = await next(first);
    const third = await next(second);
    expect([...namesIn(second), ...namesIn(third)]).toEqual(["c", "d", "e"]);
    expect(third.metadata?.continue).toBe("");
    expect(third.metadata?.remainingItemCount).toBeUndefined();
    expect([second, third].map(revisionOf)).toEqual([revisionOf(first), revisionOf(first)]);
  });

  test("a selector goes on over pages, which then count nothing that remains", async () => {
    for (const name of ["a", "b", "c", "d"]) {
      const labels = { odd: name === "a" || name === "c" ? "yes" : "no" };
      succeeded(await fixture.post(fixture.workspaces, workspace(name, {}, { labels })));
    }
    const first = await list("labelSelector=odd%3Dyes&limit=1");
    expect([namesIn(first), first.metadata?.remainingItemCount]).toEqual([["a"], undefined]);
    const token = encodeURIComponent(textOf(first.metadata?.continue));
    expect(namesIn(await list(`labelSelector=odd%3Dyes&limit=1&continue=${token}`))).toEqual(["c"]);
  });

  test("a read of any version is not paged", async () => {
    const [, last] = await fixture.create("a", "b");
    const version = textOf((last as Json).metadata?.resourceVersion);
    // What is read at least as new as the last write fills the cache that "0" is served from.
    await list(`resourceVersion=${version}&resourceVersionMatch=NotOlderThan`);
    expect(namesIn(await list("resourceVersion=0&limit=1"))).toEqual(["a", "b"]);
  });

  test("an exact resourceVersion shows what was then", async () => {
    const [a] = (await fixture.create("a")) as [Json];
    await fixture.create("b");
    const past = await list(`resourceVersion=${revisionOf(a)}&resourceVersionMatch=Exact`);
    expect([namesIn(past), revisionOf(past)]).toEqual([["a"], revisionOf(a)]);
  });

  test("objects of all namespaces are listed together, by namespace and name", async () => {
    const other = await fixture.createNamespace();
    await fixture.create("b", "a");
    succeeded(await fixture.post(fixture.path("workspaces", other), workspace("a")));
    const mine = new Set([fixture.namespace, other]);
    const all = itemsOf(succeeded(await fixture.get(`${GROUP}/workspaces`)));
    const keys = all.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
    const sorted = [fixture.namespace, other].sort();
    expect(keys.filter((key) => mine.has(key.split("/")[0] as string))).toEqual(
      sorted.flatMap((name) => (name === other ? [`${name}/a`] : [`${name}/a`, `${name}/b`])),
    );
    expect(namesIn(await list())).toEqual(["a", "b"]);
  });

  test("a namespace without objects, or that is not there, has an empty list", async () => {
    expect(namesIn(await list())).toEqual([]);
    expect(namesIn(succeeded(await fixture.get(fixture.path("workspaces", "no-such-namespace"))))).toEqual(
      [],
    );
  });

  test.each([
    ["tier=gold", ["gold"]],
    ["tier==gold", ["gold"]],
    ["tier!=gold", ["bare", "silver"]],
    ["tier in (gold, silver)", ["gold", "silver"]],
    ["tier notin (gold)", ["bare", "silver"]],
    ["tier", ["gold", "silver"]],
    ["!tier", ["bare"]],
    ["tier,tier!=silver", ["gold"]],
    ["rank>1", ["silver"]],
    ["rank<2", ["gold"]],
    ["example.com/tier=x", []],
    ["", ["bare", "gold", "silver"]],
  ])("the label selector %j selects %j", async (selector, names) => {
    succeeded(await fixture.post(fixture.workspaces, workspace("bare")));
    for (const [tier, rank] of [
      ["gold", "1"],
      ["silver", "2"],
    ] as const) {
      succeeded(await fixture.post(fixture.workspaces, workspace(tier, {}, { labels: { tier, rank } })));
    }
    expect(namesIn(await list(`labelSelector=${encodeURIComponent(selector)}`))).toEqual(names);
  });

  test("field selectors select by name, namespace and the fields that the kind allows", async () => {
    await fixture.create("a");
    succeeded(await fixture.post(fixture.workspaces, workspace("b", { organization: "other" })));
    const select = async (selector: string) =>
      namesIn(await list(`fieldSelector=${encodeURIComponent(selector)}`));
    expect(await select("metadata.name=a")).toEqual(["a"]);
    expect(await select("metadata.name!=a")).toEqual(["b"]);
    expect(await select(`metadata.namespace=${fixture.namespace},metadata.name=b`)).toEqual(["b"]);
    expect(await select("spec.organization=other")).toEqual(["b"]);
    const selector = encodeURIComponent("spec.displayName=x");
    refused(await fixture.get(`${fixture.workspaces}?fieldSelector=${selector}`), 400, "BadRequest");
  });

  test.each([
    ["limit=many", 400, "BadRequest"],
    ["resourceVersion=abc", 400, "BadRequest"],
    ["continue=garbage", 400, "BadRequest"],
    ["labelSelector=a%20in%20(", 400, "BadRequest"],
    ["labelSelector=a===b", 400, "BadRequest"],
    ["labelSelector=a%20b", 400, "BadRequest"],
    ["fieldSelector=nonsense", 400, "BadRequest"],
    ["resourceVersionMatch=Exact", 422, "Invalid"],
    ["resourceVersion=0&resourceVersionMatch=Exact", 422, "Invalid"],
    ["resourceVersion=5&resourceVersionMatch=Roughly", 422, "Invalid"],
  ])("a list with %s is refused", async (query, code, reason) => {
    refused(await fixture.get(`${fixture.workspaces}?${query}`), code, reason);
  });

  test("a resourceVersion that is still to come times out and says when to try again", async () => {
    for (const path of [fixture.workspaces, `${fixture.workspaces}/any`]) {
      const answer = await fixture.get(`${path}?resourceVersion=999999999999`);
      const status = refused(answer, 504, "Timeout");
      expect(status.details).toMatchObject({
        causes: [{ reason: "ResourceVersionTooLarge" }],
        retryAfterSeconds: 1,
      });
      expect(answer.headers["retry-after"]).toBe("1");
    }
  });

  test("a watch of one object by its path is an ordinary read", async () => {
    const [created] = (await fixture.create("w")) as [Json];
    expect(succeeded(await fixture.get(`${fixture.workspaces}/w?watch=true`))).toEqual(created);
  });

  test("an object that is not there is not found", async () => {
    const status = refused(await fixture.get(`${fixture.workspaces}/none`), 404, "NotFound");
    expect(status.message).toBe('workspaces.sidegate.dev "none" not found');
    expect(status.details).toEqual({ name: "none", group: "sidegate.dev", kind: "workspaces" });
  });
}
