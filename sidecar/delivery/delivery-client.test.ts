import { describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { SyncResponse } from "../../proto/generated/delivery.js";
import type { Input } from "../../proto/message-type.ts";
import { ManualClock, settle } from "../../test/support/manual-clock.ts";
import { compiledPolicy, loadAnything } from "../../test/support/policies.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import type { LastKnownGood } from "../last-known-good/last-known-good.ts";
import { Snapshots } from "../snapshot/snapshots.ts";
import { startDeliveryClient } from "./delivery-client.ts";
import type { Connect, StreamHandlers } from "./session.ts";

/** The operator's end of one stream. */
interface End {
  readonly address: string;
  readonly handlers: StreamHandlers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the client sent, compared with expectations
  readonly sent: any[];
  closed: boolean;
}

function start(
  options: {
    addresses?: string[];
    domains?: string[];
    random?: number;
    stores?: Map<string, LastKnownGood>;
  } = {},
) {
  const { addresses = ["a"], domains = ["shop"], random = 0.5, stores = new Map() } = options;
  const clock = new ManualClock();
  const { logger, lines } = recordingLogger();
  const ends: End[] = [];
  const connect: Connect = (address, handlers) => {
    const end: End = { address, handlers, sent: [], closed: false };
    ends.push(end);
    return {
      send: (message) => void end.sent.push(message),
      close: () => {
        end.closed = true;
      },
    };
  };
  const snapshots = new Snapshots({ domains, clock });
  const client = startDeliveryClient({
    ...{
      addresses,
      sidecar: "pod-1",
      version: "1.0.0",
      snapshots,
      stores,
      load: loadAnything,
      connect,
      clock,
      logger,
    },
    random: () => random,
  });
  const last = () => ends.at(-1) as End;
  const say = async (message: Input<SyncResponse>, end = last()) => {
    // As over the wire, so that fields left out have their defaults.
    end.handlers.message(SyncResponse.decode(SyncResponse.encode(message).finish()));
    await settle();
  };
  return { client, clock, snapshots, ends, last, say, lines };
}

const hashOf = (hash: string) => Buffer.from(hash, "hex");
const chunkOf = (policy: CompiledPolicy, id: string): Input<SyncResponse> => {
  const shard = policy.shards.find((candidate) => candidate.id === id) as CompiledPolicy["shards"][number];
  return { chunk: { domain: policy.domain, hash: hashOf(shard.hash), data: shard.bytes, last: true } };
};
const commitOf = (policy: CompiledPolicy, issuedAt: number): Input<SyncResponse> => ({
  commit: {
    policy: {
      ...policy,
      issuedAt,
      shards: policy.shards.map(({ id, hash, bytes }) => ({ id, hash: hashOf(hash), size: bytes.length })),
    },
  },
});
const progressOf = ({ domain, revision, epoch, position }: CompiledPolicy, issuedAt: number) => ({
  progress: { domain, revision, epoch, position, issuedAt },
});

const first = compiledPolicy({ shards: { model: "m1", platform: "p1" } });
const second = compiledPolicy({ shards: { model: "m1", platform: "p2" }, position: { AccessRole: "2" } });

async function synced(options: Parameters<typeof start>[0] = {}) {
  const made = start(options);
  for (const id of ["model", "platform"]) await made.say(chunkOf(first, id));
  await made.say(commitOf(first, made.clock.wallTime()));
  return made;
}

describe("a push", () => {
  test("begins with what the sidecar has, which at first is nothing", () => {
    const { last } = start({ domains: ["shop", "bank"] });
    const domain = { revision: "", epoch: 0, position: {}, shards: [], onDemand: false };
    expect(last().sent).toEqual([
      {
        hello: {
          protocol: 1,
          sidecar: "pod-1",
          version: "1.0.0",
          domains: [
            { domain: "shop", ...domain },
            { domain: "bank", ...domain },
          ],
        },
      },
    ]);
  });

  test("is swapped in and acknowledged", async () => {
    const { last, snapshots } = await synced();
    expect(snapshots.get("shop")?.revision).toBe(first.revision);
    expect(last().sent.at(-1)).toEqual({ ack: { domain: "shop", revision: first.revision } });
  });

  test("brings only the shards that changed", async () => {
    const { say, last, snapshots, clock } = await synced();
    await say(chunkOf(second, "platform"));
    await say(commitOf(second, clock.wallTime()));
    expect(snapshots.get("shop")?.revision).toBe(second.revision);
    expect(last().sent.at(-1)).toEqual({ ack: { domain: "shop", revision: second.revision } });
  });

  test("is in use before it is on disk, and acknowledged after", async () => {
    const saved = Promise.withResolvers<void>();
    const store = { save: () => saved.promise, touch: () => {} } as unknown as LastKnownGood;
    const { last, snapshots } = await synced({ stores: new Map([["shop", store]]) });
    expect(snapshots.get("shop")?.revision).toBe(first.revision);
    expect(last().sent.some((message) => message.ack)).toBe(false);
    saved.resolve();
    await settle();
    expect(last().sent.at(-1)).toEqual({ ack: { domain: "shop", revision: first.revision } });
  });

  test("is acknowledged with a warning when it can not be kept on disk", async () => {
    const store = { save: () => Promise.reject(new Error("disk full")), touch: () => {} };
    const { last, lines } = await synced({ stores: new Map([["shop", store as unknown as LastKnownGood]]) });
    expect(last().sent.at(-1)).toEqual({ ack: { domain: "shop", revision: first.revision } });
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: "Could not keep the policy on disk", level: 40 }),
    );
  });
});

describe("a policy is refused and the old one stays", () => {
  const bad = compiledPolicy({ shards: { model: "m1", platform: "bad" }, position: { AccessRole: "2" } });
  const older = compiledPolicy({ shards: { model: "m1", platform: "p2" }, position: { AccessRole: "0" } });
  const rows: { name: string; send: Input<SyncResponse>[]; revision: string; code: string }[] = [
    {
      name: "when a shard is missing",
      send: [commitOf(second, 1)],
      revision: second.revision,
      code: "SG2003",
    },
    {
      name: "when a shard was changed on the way",
      send: [
        { chunk: { ...chunkOf(second, "platform").chunk, data: Buffer.from("p3") } },
        commitOf(second, 1),
      ],
      revision: second.revision,
      code: "SG2002",
    },
    {
      name: "when a chunk is too large",
      send: [
        { chunk: { ...chunkOf(second, "platform").chunk, data: Buffer.alloc(256 * 1024 + 1) } },
        commitOf(second, 1),
      ],
      revision: second.revision,
      code: "SG2005",
    },
    {
      name: "when it can not be loaded",
      send: [chunkOf(bad, "platform"), commitOf(bad, 1)],
      revision: bad.revision,
      code: "SG2007",
    },
    {
      name: "when it lies behind",
      send: [chunkOf(older, "platform"), commitOf(older, 1)],
      revision: older.revision,
      code: "SG2004",
    },
    {
      name: "when its position is none",
      send: [chunkOf(second, "platform"), commitOf({ ...second, position: { AccessRole: "x" } }, 1)],
      revision: second.revision,
      code: "SG2006",
    },
    {
      name: "when it has no time of issue",
      send: [chunkOf(second, "platform"), commitOf(second, 0)],
      revision: second.revision,
      code: "SG2006",
    },
  ];
  test.each(rows)("$name", async ({ send, revision, code }) => {
    const { say, last, snapshots, client, clock } = await synced();
    for (const message of send) await say(message);
    expect(last().sent.at(-1)).toEqual({
      nack: { domain: "shop", revision, code, message: expect.any(String) },
    });
    expect(snapshots.get("shop")?.revision).toBe(first.revision);
    expect(client.state).toBe("streaming");

    // A good one is taken as if nothing had happened.
    await say(chunkOf(second, "platform"));
    await say(commitOf(second, clock.wallTime()));
    expect(snapshots.get("shop")?.revision).toBe(second.revision);
  });
});

describe("progress", () => {
  test("moves the position and renews the age", async () => {
    const { say, snapshots, clock } = await synced();
    await clock.advance(10_000);
    await say(progressOf({ ...first, position: { AccessRole: "9" } }, clock.wallTime()));
    expect(snapshots.get("shop")?.position).toEqual({ AccessRole: "9" });
    expect(snapshots.ageMs("shop")).toBe(0);
  });

  test("of another revision, or that lies behind, changes nothing", async () => {
    const { say, snapshots, clock, client } = await synced();
    await clock.advance(10_000);
    await say(progressOf({ ...second }, clock.wallTime()));
    await say(progressOf({ ...first, position: { AccessRole: "0" } }, clock.wallTime()));
    expect(snapshots.get("shop")?.position).toEqual(first.position);
    expect(snapshots.ageMs("shop")).toBe(10_000);
    expect(client.state).toBe("streaming");
  });

  test("from a clock that differs is warned about once", async () => {
    const { say, clock, lines } = await synced();
    for (let count = 0; count < 3; count++) await say(progressOf(first, clock.wallTime() - 60_000));
    expect(lines.filter(({ msg }) => msg.includes("clock differs"))).toHaveLength(1);
  });
});

describe("a session", () => {
  test("sends heartbeats at the operator's interval", async () => {
    const { say, last, clock } = start();
    await say({ heartbeat: { intervalMs: 2_000 } });
    for (let count = 0; count < 3; count++) {
      await clock.advance(2_000);
      await say({ heartbeat: { intervalMs: 2_000 } });
    }
    expect(last().sent.filter((message) => message.heartbeat)).toHaveLength(3);
  });

  test("ends after three heartbeats of silence", async () => {
    const { say, client, last, clock, lines } = start({ random: 0.99 });
    await say({ heartbeat: { intervalMs: 2_000 } });
    await clock.advance(6_000);
    expect(client.state).toBe("streaming");
    await clock.advance(2_000);
    expect(client.state).toBe("resting");
    expect(last().closed).toBe(true);
    expect(lines.at(-1)).toMatchObject({ msg: "Lost the operator", code: "SG2107" });
  });

  test("ends after some seconds where the replica takes connections and does not answer, the next later", async () => {
    const { say, client, ends, last, clock } = start({ addresses: ["a", "b"], random: 0.25 });
    const silent = async (ms: number) => {
      await clock.advance(ms - 1);
      expect(client.state).toBe("connecting");
      await clock.advance(1);
      expect(client.state).toBe("resting");
      expect(client.lastError).toMatchObject({ code: "SG2107", message: `no message for ${ms} ms` });
      await clock.advance(clock.untilNext ?? 0);
    };
    await silent(4_500);
    // One that can not be reached says nothing of how long the others take.
    last().handlers.closed(new Error("refused"));
    await clock.advance(clock.untilNext ?? 0);
    // Seven ticks of whole milliseconds.
    for (const ms of [13_500, 33_747, 33_747]) await silent(ms);
    expect(new Set(ends.slice(0, 2).map(({ address }) => address)).size).toBe(2);
    await say({});
    last().handlers.closed(new Error("reset"));
    await clock.advance(clock.untilNext ?? 0);
    await silent(4_500);
  });

  test("waits for heartbeats as ever once the replica has answered, however late", async () => {
    const { say, client, clock } = start();
    await clock.advance(4_900);
    await say({});
    await clock.advance(19_999);
    expect(client.state).toBe("streaming");
    await clock.advance(1);
    expect(client.state).toBe("resting");
  });

  test("outlives a pause of the process, since what came meanwhile is read first", async () => {
    const { say, client, clock } = start();
    await say({ heartbeat: { intervalMs: 2_000 } });
    await clock.advance(4_000);
    await say({ heartbeat: { intervalMs: 2_000 } });
    await clock.advance(4_000);
    expect(client.state).toBe("streaming");
  });

  test("does not believe what lay in buffers over a long pause, whose age a clock that is ahead hides", async () => {
    const { say, snapshots, client, clock } = await synced();
    const now = clock.now.bind(clock);
    const wallTime = clock.wallTime.bind(clock);
    const issuedAt = clock.wallTime() + 600_000;
    clock.now = () => now() + 290_000;
    clock.wallTime = () => wallTime() + 290_000;
    const { revision, epoch, position } = first;
    await say({ progress: { domain: "shop", revision, epoch, position, issuedAt } });
    expect(snapshots.ageMs("shop")).toBe(290_000);
    expect(client.state).toBe("resting");
  });

  test("does not believe it either when it comes first, from a replica that is given half a minute to answer", async () => {
    const { say, last, client, clock } = start({ random: 0.25 });
    for (const ms of [4_500, 13_500]) {
      await clock.advance(ms);
      await clock.advance(clock.untilNext ?? 0);
    }
    const now = clock.now.bind(clock);
    clock.now = () => now() + 20_000;
    expect(client.state).toBe("connecting");
    await say({ heartbeat: { intervalMs: 2_000 } });
    expect(last().closed).toBe(true);
    expect(client.lastError?.message).toMatch("stood still for 20000 ms");
  });

  const breaches: { name: string; message: Input<SyncResponse> }[] = [
    { name: "a domain that was not asked for", message: { chunk: { domain: "bank" } } },
    { name: "a Commit without a policy", message: { commit: {} } },
    { name: "progress without a time", message: { progress: { domain: "shop" } } },
  ];
  test.each(breaches)("ends on $name", async ({ message }) => {
    const { say, client } = await synced();
    await say(message);
    expect(client.state).toBe("resting");
    expect(client.lastError).toMatchObject({ code: "SG2006" });
  });

  test("ends on a second Commit before the first was answered", async () => {
    const store = { save: () => new Promise(() => {}), touch: () => {} } as unknown as LastKnownGood;
    const { say, client, clock } = await synced({ stores: new Map([["shop", store]]) });
    await say(commitOf(first, clock.wallTime()));
    expect(client.lastError).toMatchObject({ code: "SG2006" });
  });

  test("takes messages of a later protocol as a sign of life", async () => {
    const { say, client } = start();
    await say({});
    expect(client.state).toBe("streaming");
  });
});

describe("reconnecting", () => {
  test("says what is held, shards of a broken push included", async () => {
    const { say, last, ends, clock } = await synced();
    await say(chunkOf(second, "platform"));
    last().handlers.closed(new Error("reset"));
    await clock.advance(1_000);
    expect(ends).toHaveLength(2);
    const [state] = last().sent[0].hello.domains;
    expect(state).toMatchObject({
      domain: "shop",
      revision: first.revision,
      epoch: 0,
      position: first.position,
    });
    const shards = state.shards.map((shard: Buffer) => shard.toString("hex"));
    const both = [...first.shards, ...second.shards].map((shard) => shard.hash);
    expect(new Set(shards)).toEqual(new Set(both));

    await say(commitOf(second, clock.wallTime()));
    expect(last().sent.at(-1)).toEqual({ ack: { domain: "shop", revision: second.revision } });
  });

  test("waits longer with each useless session and from the start after a useful one", async () => {
    const { say, last, ends, clock } = start();
    const waits: number[] = [];
    const lose = async () => {
      const before = ends.length;
      last().handlers.closed(new Error("refused"));
      const wait = clock.untilNext ?? 0;
      await clock.advance(wait);
      expect(ends).toHaveLength(before + 1);
      waits.push(wait);
    };
    for (let count = 0; count < 7; count++) await lose();
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    for (const id of ["model", "platform"]) await say(chunkOf(first, id));
    await say(commitOf(first, clock.wallTime()));
    waits.length = 0;
    await lose();
    expect(waits).toEqual([500]);
  });

  test("tries the same replica again, and the next when that one is gone", async () => {
    const { say, last, ends, clock } = start({ addresses: ["a", "b"], random: 0 });
    await say({ heartbeat: { intervalMs: 5_000 } });
    last().handlers.closed(new Error("reset"));
    await clock.advance(0);
    last().handlers.closed(new Error("refused"));
    await clock.advance(0);
    expect(ends.map((end) => end.address)).toEqual(["a", "a", "b"]);
  });

  test.each(["SG2105: the operator's replica is shutting down", "SG2103: 9 sidecars are connected"])(
    "goes to the next replica at once after %s",
    async (message) => {
      const { say, last, ends, clock } = start({ addresses: ["a", "b"], random: 0 });
      await say({ heartbeat: { intervalMs: 5_000 } });
      last().handlers.closed(new Error(`14 UNAVAILABLE: ${message}`));
      await clock.advance(0);
      expect(ends.map((end) => end.address)).toEqual(["a", "b"]);
    },
  );

  test("leaves a replica that stays behind, if there is another", async () => {
    const { say, ends, clock } = start({ addresses: ["a", "b"], random: 0 });
    await say({ behind: { domain: "shop" } });
    for (let count = 0; count < 2; count++) {
      await clock.advance(5_000);
      await say({ heartbeat: { intervalMs: 5_000 } });
    }
    expect(ends.map((end) => end.address)).toEqual(["a", "b"]);
  });

  test("stays with a replica that is behind where there is no other", async () => {
    const { say, ends, clock } = start();
    await say({ behind: { domain: "shop" } });
    for (let count = 0; count < 20; count++) {
      await clock.advance(5_000);
      await say({ heartbeat: { intervalMs: 5_000 } });
    }
    expect(ends).toHaveLength(1);
  });

  test.each([
    ["leaves", ["a", "b"], ["a", "b"]],
    ["stays, without another, with", ["a"], ["a"]],
  ])(
    "%s a replica that lives and does not confirm the policy for half of its bound",
    async (_name, addresses, visited) => {
      const { say, ends, clock, snapshots } = await synced({ addresses, random: 0 });
      const boundMs = (snapshots.get("shop")?.staleness.maxSeconds ?? 0) * 1_000;
      const quiet = async (ms: number) => {
        for (let passed = 0; passed < ms; passed += 5_000) {
          await clock.advance(5_000);
          if (ends.length === 1) await say({ heartbeat: { intervalMs: 5_000 } });
        }
      };
      await quiet(boundMs / 2 - 5_000);
      await say(progressOf(first, clock.wallTime()));
      await quiet(boundMs / 2 - 5_000);
      expect(ends).toHaveLength(1);
      await quiet(5_000);
      expect(ends.map((end) => end.address)).toEqual(visited);
      expect(snapshots.freshness("shop", clock.wallTime())).toEqual({ fresh: true });
    },
  );

  test("ends with goodbye, once the operator has heard it", async () => {
    const { client, last, ends, clock } = await synced();
    let left = false;
    const leaving = client.leave(1_000).then(() => {
      left = true;
    });
    await settle();
    expect(last().sent.at(-1)).toEqual({ goodbye: {} });
    expect(left).toBe(false);
    last().handlers.closed(new Error("The operator ended the stream"));
    await leaving;
    expect(ends).toHaveLength(1);
    expect(client.state).toBe("stopped");
    expect(clock.waiting).toBe(0);
  });

  test("says no goodbye while a process after it could still decide by what is on disk", async () => {
    const store = { save: async () => {}, touch: () => {}, giveUp: async () => false };
    const stores = new Map([["shop", store as unknown as LastKnownGood]]);
    const { client, last } = await synced({ stores });
    await client.leave(1_000);
    expect(last().sent).not.toContainEqual({ goodbye: {} });
    expect(last().closed).toBe(true);
  });

  test("ends without an answer to goodbye in time", async () => {
    const { client, last, clock } = await synced();
    const leaving = client.leave(1_000);
    await clock.advance(1_000);
    await leaving;
    expect(last().closed).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  test("ends at once with goodbye while there is no session", async () => {
    const { client, last, clock } = start();
    last().handlers.closed(new Error("refused"));
    await client.leave(1_000);
    expect(client.state).toBe("stopped");
    expect(clock.waiting).toBe(0);
  });

  test("ends with stop", async () => {
    const { client, last, ends, clock } = await synced();
    client.stop();
    expect(last().closed).toBe(true);
    await clock.advance(100_000);
    expect(ends).toHaveLength(1);
    expect(client.state).toBe("stopped");
    expect(clock.waiting).toBe(0);
  });
});
