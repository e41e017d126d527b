import { describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../../engine/compile/compiled-policy.ts";
import { compiledPolicy } from "../../../test/support/policies.ts";
import { defaultDeliverySettings } from "../settings.ts";
import { DomainPush, type Instant, type Step } from "./domain-push.ts";
import { hashesOf, NO_HASHES } from "./shard-sets.ts";

const WALL = Date.UTC(2026, 0, 1);
const at = (now: number): Instant => ({ now, wall: WALL + now });

const first = compiledPolicy({ shards: { model: "m1", platform: "p1" } });
const second = compiledPolicy({ shards: { model: "m1", platform: "p2" }, position: { AccessRole: "2" } });
const third = compiledPolicy({ shards: { model: "m1", platform: "p3" }, position: { AccessRole: "3" } });

const fresh = () => new DomainPush("shop", undefined, NO_HASHES, defaultDeliverySettings);

/** All steps up to the next wait. */
function steps(push: DomainPush, current: CompiledPolicy | undefined, now = 0): Step[] {
  const taken: Step[] = [];
  for (;;) {
    const step = push.next(current, at(now));
    if (step.kind === "wait") return taken;
    taken.push(step);
  }
}

/** A sidecar that has a policy. */
function having(policy: CompiledPolicy, now = 0): DomainPush {
  const push = fresh();
  steps(push, policy, now);
  push.reply({ revision: policy.revision }, policy, at(now));
  return push;
}

const shardIds = (taken: readonly Step[]) =>
  taken.flatMap((step) => (step.kind === "chunk" ? [step.shard.id] : []));
const kinds = (taken: readonly Step[]) => taken.map((step) => step.kind);

describe("a push", () => {
  test("is all shards and a Commit to a sidecar that has nothing", () => {
    const taken = steps(fresh(), first);
    expect(kinds(taken)).toEqual(["chunk", "chunk", "commit"]);
    expect(shardIds(taken)).toEqual(["model", "platform"]);
  });

  test("is only what is missing after the first", () => {
    expect(shardIds(steps(having(first), second))).toEqual(["platform"]);
  });

  test("is none of a policy whose shards are not known, which is confirmed to who has it", () => {
    const unknown: CompiledPolicy = { ...second, shards: [], isConfirmedOnly: true };
    expect(steps(fresh(), unknown)).toEqual([]);
    expect(steps(having(first), unknown)).toEqual([]);
    expect(kinds(steps(having(second), unknown, 60_000))).toEqual(["progress"]);
  });

  test("is without shards of organizations to a sidecar that loads these on demand", () => {
    const policy = compiledPolicy({ shards: { model: "m1", "organization/acme": "a1", platform: "p1" } });
    const push = new DomainPush("shop", undefined, NO_HASHES, defaultDeliverySettings, true);
    const taken = steps(push, policy);
    expect(shardIds(taken)).toEqual(["model", "platform"]);
    expect(taken.at(-1)).toMatchObject({ kind: "commit", policy });
  });

  test("takes what the sidecar said it has", () => {
    const push = new DomainPush("shop", undefined, hashesOf(first), defaultDeliverySettings);
    expect(kinds(steps(push, first))).toEqual(["commit"]);
  });

  test("takes what it said it has beyond its policy, also after that was confirmed", () => {
    const held = new Set([...hashesOf(first), ...hashesOf(second)]);
    const push = new DomainPush("shop", first, held, defaultDeliverySettings);
    expect(kinds(steps(push, first))).toEqual(["progress"]);
    expect(kinds(steps(push, second))).toEqual(["commit"]);
  });

  test("cuts shards into chunks", () => {
    const large = Buffer.alloc(600 * 1024, 7);
    const taken = steps(fresh(), compiledPolicy({ shards: { model: large } }));
    const cuts = taken.flatMap((step) => (step.kind === "chunk" ? [[step.start, step.end]] : []));
    const kib = 1024;
    expect(cuts).toEqual([
      [0, 256 * kib],
      [256 * kib, 512 * kib],
      [512 * kib, 600 * kib],
    ]);
  });

  test("waits for the answer, and what changes meanwhile merges into the next", () => {
    const push = fresh();
    steps(push, first);
    expect(steps(push, second)).toEqual([]);
    expect(steps(push, third)).toEqual([]);
    push.reply({ revision: first.revision }, third, at(0));
    const taken = steps(push, third);
    expect(shardIds(taken)).toEqual(["platform"]);
    expect(taken.at(-1)).toMatchObject({ kind: "commit", policy: third });
  });

  test("is dated back to when its policy was current, if another came while it was sent", () => {
    const push = fresh();
    push.next(first, at(0));
    push.observe(second, at(5_000));
    push.observe(third, at(6_000));
    const commit = steps(push, third, 90_000).at(-1);
    expect(commit).toMatchObject({ kind: "commit", policy: first, issuedAt: WALL + 5_000 });
  });

  test("is not dated back where the change was taken back", () => {
    const push = fresh();
    push.next(first, at(0));
    push.observe(second, at(5_000));
    push.observe(first, at(6_000));
    expect(steps(push, first, 90_000).at(-1)).toMatchObject({ issuedAt: WALL + 90_000 });
  });

  test("is not touched by a stale answer", () => {
    const push = having(first);
    steps(push, second);
    expect(push.reply({ revision: first.revision }, second, at(0))).toBe("stale");
    expect(push.outstanding).toBe(second.revision);
    expect(push.active?.revision).toBe(first.revision);
  });

  test("stalls when neither the stream nor the sidecar moves", () => {
    const push = fresh();
    push.next(first, at(0));
    expect(push.stalled(120_000)).toBe(false);
    expect(push.stalled(120_001)).toBe(true);
  });
});

describe("a refused revision", () => {
  const refusal = { code: "SG2002", message: "damaged" };

  test("is tried again, each time later", () => {
    const push = fresh();
    const waits: number[] = [];
    let now = 0;
    for (let count = 0; count < 9; count++) {
      expect(steps(push, first, now).at(-1)?.kind).toBe("commit");
      push.reply({ revision: first.revision, refusal }, first, at(now));
      const step = push.next(first, at(now));
      if (step.kind !== "wait") throw new Error("It must wait");
      waits.push(step.until - now);
      now = step.until;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000));
  });

  test("gives way to a newer one at once", () => {
    const push = fresh();
    steps(push, first);
    push.reply({ revision: first.revision, refusal }, first, at(0));
    expect(steps(push, second).at(-1)).toMatchObject({ kind: "commit", policy: second });
  });

  test("leaves the sidecar with what it had", () => {
    const push = having(first);
    steps(push, second);
    push.reply({ revision: second.revision, refusal }, second, at(0));
    expect(push.active?.revision).toBe(first.revision);
    expect(push.refused).toMatchObject({ revision: second.revision, code: "SG2002", times: 1 });
    expect(shardIds(steps(push, second, 1_000))).toEqual(["platform"]);
  });

  test("is sent whole when the sidecar lacked a shard", () => {
    const push = new DomainPush("shop", undefined, hashesOf(first), defaultDeliverySettings);
    steps(push, first);
    push.reply(
      { revision: first.revision, refusal: { code: "SG2003", message: "lacks model" } },
      first,
      at(0),
    );
    expect(shardIds(steps(push, first, 1_000))).toEqual(["model", "platform"]);
  });

  test("is forgotten once another was taken", () => {
    const push = having(first);
    steps(push, second);
    push.reply({ revision: second.revision, refusal }, third, at(0));
    steps(push, third);
    push.reply({ revision: third.revision }, third, at(0));
    expect(push.refused).toBeUndefined();
  });
});

describe("progress", () => {
  test("confirms the revision every heartbeat, counted from the Commit", () => {
    const push = having(first, 0);
    expect(push.next(first, at(100))).toEqual({ kind: "wait", until: 5_000 });
    expect(kinds(steps(push, first, 5_000))).toEqual(["progress"]);
    expect(push.next(first, at(5_000))).toEqual({ kind: "wait", until: 10_000 });
  });

  test("comes at once after a reconnect that needs no push", () => {
    const push = new DomainPush("shop", first, hashesOf(first), defaultDeliverySettings);
    expect(kinds(steps(push, first, 60_000))).toEqual(["progress"]);
  });

  test("of the position alone comes at most once a second", () => {
    const push = having(first, 0);
    const moved = (version: number) => ({ ...first, position: { AccessRole: String(version) } });
    let sent = 0;
    for (let now = 10; now <= 10_000; now += 10) sent += steps(push, moved(now), now).length;
    expect(sent).toBe(10);
  });

  test("of a position that rests goes back to heartbeats", () => {
    const push = having(first, 0);
    const moved = { ...first, position: { AccessRole: "9" } };
    expect(kinds(steps(push, moved, 1_000))).toEqual(["progress"]);
    expect(push.active?.position).toEqual({ AccessRole: "9" });
    expect(push.next(moved, at(1_001))).toEqual({ kind: "wait", until: 6_000 });
  });

  test("of a position that has moved stands at one time, so that further moves say nothing new until then", () => {
    const push = having(first, 0);
    const moved = (version: number) => ({ ...first, position: { AccessRole: String(version) } });
    expect(push.isAwaitingProgress(moved(2), 10)).toBe(false);
    expect(push.next(moved(2), at(10))).toEqual({ kind: "wait", until: 1_000 });
    expect(push.isAwaitingProgress(moved(3), 20)).toBe(true);
    expect(push.isAwaitingProgress(second, 20)).toBe(false);
    expect(push.isAwaitingProgress(undefined, 20)).toBe(false);
    expect(push.isAwaitingProgress(moved(4), 1_000)).toBe(false);
    expect(kinds(steps(push, moved(4), 1_000))).toEqual(["progress"]);
    expect(push.isAwaitingProgress(moved(5), 1_010)).toBe(false);
  });

  test("is not awaited where a push has begun since", () => {
    const push = having(first, 0);
    push.next({ ...first, position: { AccessRole: "2" } }, at(10));
    steps(push, second, 20);
    expect(push.isAwaitingProgress({ ...first, position: { AccessRole: "3" } }, 30)).toBe(false);
  });

  test("is never sent of a revision that was not acknowledged", () => {
    const push = having(first, 0);
    steps(push, second, 10);
    for (let now = 1_000; now < 100_000; now += 1_000) expect(steps(push, second, now)).toEqual([]);
  });
});

describe("a sidecar that has seen more", () => {
  const ahead = { revision: third.revision, epoch: 0, position: third.position };

  test("is told once and then nothing until this replica caught up", () => {
    const push = new DomainPush("shop", ahead, hashesOf(third), defaultDeliverySettings);
    expect(kinds(steps(push, first))).toEqual(["behind"]);
    expect(steps(push, second, 60_000)).toEqual([]);
    expect(push.behind).toBe(true);
    expect(kinds(steps(push, third, 61_000))).toEqual(["progress"]);
    expect(push.behind).toBe(false);
  });

  test("of a higher epoch is ahead whatever its position", () => {
    const push = new DomainPush(
      "shop",
      { ...ahead, epoch: 1, position: {} },
      NO_HASHES,
      defaultDeliverySettings,
    );
    expect(kinds(steps(push, first))).toEqual(["behind"]);
  });

  test("of a lower epoch is not ahead, since positions start again", () => {
    const push = new DomainPush("shop", ahead, NO_HASHES, defaultDeliverySettings);
    const restored = { ...first, epoch: 1 };
    expect(steps(push, restored).at(-1)).toMatchObject({ kind: "commit", policy: restored });
  });

  test("keeps its policy while the domain has none here", () => {
    const push = new DomainPush("shop", ahead, hashesOf(third), defaultDeliverySettings);
    expect(push.next(undefined, at(0))).toEqual({ kind: "wait", until: Infinity });
  });
});

describe("lag", () => {
  test("counts from the first change that the sidecar lacks until it has the newest", () => {
    const push = having(first, 0);
    expect(push.lackingSince).toBeUndefined();
    push.observe(second, at(1_000));
    push.observe(third, at(2_000));
    expect(push.lackingSince).toBe(1_000);
    steps(push, third, 3_000);
    push.reply({ revision: third.revision }, third, at(4_000));
    expect(push.lackingSince).toBeUndefined();
  });

  test("counts while a policy is under way that was taken back since, whichever it decides by", () => {
    const push = having(first, 0);
    const again = { ...first, position: { AccessRole: "9" } };
    steps(push, second, 1_000);
    push.observe(again, at(2_000));
    expect(push.lackingSince).toBe(1_000);
    push.reply({ revision: second.revision }, again, at(3_000));
    expect(push.lackingSince).toBe(1_000);
    steps(push, again, 4_000);
    push.reply({ revision: first.revision }, again, at(5_000));
    expect(push.lackingSince).toBeUndefined();
  });
});
