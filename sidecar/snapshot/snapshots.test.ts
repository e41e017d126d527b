import { describe, expect, test } from "vitest";
import type { Policy } from "../../engine/policy/policy.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { compiledPolicy, loadAnything, manifestOf, type PolicyParts } from "../../test/support/policies.ts";
import { Snapshots } from "./snapshots.ts";

function policy(parts: Partial<PolicyParts> = {}): Policy {
  const compiled = compiledPolicy({ shards: { model: "m1" }, ...parts });
  const bytes = new Map(compiled.shards.map((shard) => [shard.hash, shard.bytes]));
  return loadAnything(manifestOf(compiled), (hash) => bytes.get(hash) as Uint8Array);
}

function setUp(domains: string[] = ["shop"]) {
  const clock = new ManualClock();
  const snapshots = new Snapshots({ domains, clock, maxWaiters: 2 });
  return { clock, snapshots };
}

describe("snapshots", () => {
  test("are ready once every domain has a policy", () => {
    const { clock, snapshots } = setUp(["shop", "bank"]);
    snapshots.swap(policy(), clock.wallTime());
    expect(snapshots.ready).toBe(false);
    snapshots.swap(policy({ domain: "bank" }), clock.wallTime());
    expect(snapshots.ready).toBe(true);
  });

  test("name a sole domain only where there is one", () => {
    expect(setUp().snapshots.sole).toBe("shop");
    expect(setUp(["shop", "bank"]).snapshots.sole).toBeUndefined();
  });

  test("refuse a policy that lies behind and keep the old one", () => {
    const { clock, snapshots } = setUp();
    const first = policy({ position: { AccessRole: "9" } });
    snapshots.swap(first, clock.wallTime());
    const older = policy({ position: { AccessRole: "8" }, shards: { model: "m0" } });
    expect(() => snapshots.swap(older, clock.wallTime())).toThrow(
      expect.objectContaining({ code: "SG2004" }),
    );
    expect(snapshots.get("shop")).toBe(first);
  });

  test("let positions start again at a higher epoch", () => {
    const { clock, snapshots } = setUp();
    snapshots.swap(policy({ position: { AccessRole: "9" } }), clock.wallTime());
    const restored = policy({ position: { AccessRole: "1" }, epoch: 1, shards: { model: "m0" } });
    snapshots.swap(restored, clock.wallTime());
    expect(snapshots.get("shop")).toBe(restored);
  });

  test("tell subscribers of a swap in the same turn, until they leave", () => {
    const { clock, snapshots } = setUp();
    const seen: string[] = [];
    const leave = snapshots.subscribe((changed) => seen.push(changed.revision));
    const first = policy();
    snapshots.swap(first, clock.wallTime());
    leave();
    snapshots.swap(policy({ shards: { model: "m2" } }), clock.wallTime());
    expect(seen).toEqual([first.revision]);
  });
});

describe("freshness of a snapshot", () => {
  test("is renewed only by messages about the revision in use", async () => {
    const { clock, snapshots } = setUp();
    const first = policy();
    snapshots.swap(first, clock.wallTime());
    await clock.advance(200_000);
    expect(snapshots.renew("shop", "f".repeat(64), 0, first.position, clock.wallTime())).toBe(false);
    await clock.advance(100_000);
    expect(snapshots.freshness("shop", clock.wallTime())).toMatchObject({ fresh: false, ageMs: 300_000 });
    expect(snapshots.renew("shop", first.revision, 0, first.position, clock.wallTime())).toBe(true);
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(true);
  });

  test("is not renewed by a message that lay in a buffer", async () => {
    const { clock, snapshots } = setUp();
    const first = policy();
    snapshots.swap(first, clock.wallTime());
    const sent = clock.wallTime() + 1_000;
    await clock.advance(400_000);
    snapshots.renew("shop", first.revision, 0, first.position, sent);
    expect(snapshots.freshness("shop", clock.wallTime())).toMatchObject({ fresh: false, ageMs: 399_000 });
  });

  test("is stale without a policy", () => {
    const { clock, snapshots } = setUp();
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(false);
    expect(snapshots.freshness("elsewhere", clock.wallTime()).fresh).toBe(false);
  });

  test("of a restored policy counts from the contact of the earlier process", async () => {
    const { clock, snapshots } = setUp();
    snapshots.restore(policy(), clock.wallTime() - 250_000);
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(true);
    await clock.advance(50_000);
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(false);
  });

  test("of a restored policy with a contact in the future stays stale until the operator confirms it", async () => {
    const { clock, snapshots } = setUp();
    const first = policy();
    snapshots.restore(first, clock.wallTime() + 3_600_000);
    await clock.advance(3_700_000);
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(false);
    snapshots.renew("shop", first.revision, 0, first.position, clock.wallTime());
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(true);
  });

  test("is lost when the wall clock goes back, and comes back with the next contact", async () => {
    const { clock, snapshots } = setUp();
    const first = policy();
    snapshots.swap(first, clock.wallTime());
    clock.setWall(clock.wallTime() - 3_600_000);
    expect(snapshots.freshness("shop", clock.wallTime())).toMatchObject({ because: "ClockWentBack" });
    await clock.advance(1_000);
    snapshots.renew("shop", first.revision, 0, first.position, clock.wallTime());
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(true);
  });
});

describe("waiting for a position", () => {
  test("ends at once where it has been reached", async () => {
    const { clock, snapshots } = setUp();
    const first = policy({ position: { AccessRole: "7" } });
    snapshots.swap(first, clock.wallTime());
    expect(await snapshots.waitFor("shop", { AccessRole: "7" }, Infinity)).toBe(first);
  });

  test("ends with progress that has no content", async () => {
    const { clock, snapshots } = setUp();
    const first = policy({ position: { AccessRole: "7" } });
    snapshots.swap(first, clock.wallTime());
    const waiting = snapshots.waitFor("shop", { AccessRole: "8" }, Infinity);
    snapshots.renew("shop", first.revision, 0, { AccessRole: "8" }, clock.wallTime());
    expect((await waiting).position).toEqual({ AccessRole: "8" });
    expect(snapshots.waiting).toBe(0);
    expect(clock.waiting).toBe(0);
  });

  test("ends with an error at the deadline", async () => {
    const { clock, snapshots } = setUp();
    snapshots.swap(policy(), clock.wallTime());
    const waiting = snapshots.waitFor("shop", { AccessRole: "8" }, clock.wallTime() + 500);
    const failed = expect(waiting).rejects.toMatchObject({ code: "SG3003" });
    await clock.advance(500);
    await failed;
    expect(snapshots.waiting).toBe(0);
  });

  test("is bounded in time even without a deadline", async () => {
    const { clock, snapshots } = setUp();
    snapshots.swap(policy(), clock.wallTime());
    const failed = expect(snapshots.waitFor("shop", { AccessRole: "8" }, Infinity)).rejects.toMatchObject({
      code: "SG3003",
    });
    await clock.advance(30_000);
    await failed;
  });

  test("is bounded in number", async () => {
    const { clock, snapshots } = setUp();
    const first = policy();
    snapshots.swap(first, clock.wallTime());
    const waiting = [1, 2].map(() => snapshots.waitFor("shop", { AccessRole: "8" }, Infinity));
    await expect(snapshots.waitFor("shop", { AccessRole: "8" }, Infinity)).rejects.toMatchObject({
      code: "SG3003",
      message: "2 requests wait already",
    });
    snapshots.renew("shop", first.revision, 0, { AccessRole: "8" }, clock.wallTime());
    await Promise.all(waiting);
  });

  test("ends when the caller goes", async () => {
    const { clock, snapshots } = setUp();
    snapshots.swap(policy(), clock.wallTime());
    const caller = new AbortController();
    const waiting = snapshots.waitFor("shop", { AccessRole: "8" }, Infinity, caller.signal);
    caller.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    expect(snapshots.waiting).toBe(0);
  });

  test("ends when no policy comes any more, and does not begin again", async () => {
    const { clock, snapshots } = setUp();
    snapshots.swap(policy(), clock.wallTime());
    const refused = { code: "SG3003", message: "the sidecar stops" };
    const before = expect(snapshots.waitFor("shop", { AccessRole: "8" }, Infinity)).rejects.toMatchObject(
      refused,
    );
    snapshots.endWaiting();
    await before;
    await expect(snapshots.waitFor("shop", { AccessRole: "8" }, Infinity)).rejects.toMatchObject(refused);
    expect([snapshots.waiting, clock.waiting]).toEqual([0, 0]);
  });

  test("is refused without a policy", async () => {
    const { snapshots } = setUp();
    await expect(snapshots.waitFor("shop", {}, Infinity)).rejects.toMatchObject({ code: "SG3002" });
  });
});
