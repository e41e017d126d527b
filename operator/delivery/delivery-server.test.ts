import { status } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import type { SyncResponse } from "../../proto/generated/delivery.js";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { compiledPolicy } from "../../test/support/policies.ts";
import { RawSidecar, until } from "../../test/support/raw-sidecar.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { createPolicyBook } from "../policy-book.ts";
import { type DeliveryServer, startDeliveryServer } from "./delivery-server.ts";
import type { DeliverySettings } from "./settings.ts";

const first = compiledPolicy({ shards: { model: "m1", platform: "p1" } });
const second = compiledPolicy({ shards: { model: "m1", platform: "p2" }, position: { AccessRole: "2" } });
const third = compiledPolicy({ shards: { model: "m1", platform: "p3" }, position: { AccessRole: "3" } });

const servers: DeliveryServer[] = [];
const sidecars: RawSidecar[] = [];

afterEach(async () => {
  for (const sidecar of sidecars.splice(0)) sidecar.close();
  for (const server of servers.splice(0)) await server.stop();
});

async function start(settings: Partial<DeliverySettings> = {}) {
  const book = createPolicyBook();
  const clock = new ManualClock();
  const server = await startDeliveryServer({ book, listen: "127.0.0.1:0", clock, logger: silent, settings });
  servers.push(server);
  const connect = (reading = true) => {
    const sidecar = new RawSidecar(server.address, reading);
    sidecars.push(sidecar);
    return sidecar;
  };
  return { book, clock, server, connect };
}

const shardsOf = (messages: readonly SyncResponse[]) =>
  messages.flatMap(({ chunk }) => (chunk ? [Buffer.from(chunk.data).toString()] : []));

describe("a sidecar", () => {
  test("hears at once that it is welcome, then gets the policy", async () => {
    const { book, connect } = await start();
    book.publish(first);
    const sidecar = connect().hello();
    expect((await sidecar.upTo("heartbeat")).at(-1)?.heartbeat).toEqual({ intervalMs: 5_000 });
    const messages = await sidecar.upTo("commit");
    expect(shardsOf(messages)).toEqual(["m1", "p1"]);
    expect(messages.at(-1)?.commit?.policy).toMatchObject({
      domain: "shop",
      revision: first.revision,
      position: { AccessRole: "1" },
    });
  });

  test("gets only the shards that it lacks after each change", async () => {
    const { book, connect } = await start();
    book.publish(first);
    const sidecar = connect().hello();
    await sidecar.upTo("commit");
    sidecar.ack(first);
    book.publish(second);
    expect(shardsOf(await sidecar.upTo("commit"))).toEqual(["p2"]);
  });

  test("gets changes that came while it was busy as one", async () => {
    const { book, server, connect } = await start();
    book.publish(first);
    const sidecar = connect().hello();
    await sidecar.upTo("commit");
    book.publish(second);
    book.publish(third);
    sidecar.ack(first);
    const messages = await sidecar.upTo("commit");
    expect(shardsOf(messages)).toEqual(["p3"]);
    sidecar.ack(third);
    await until(() => server.fleet.summary("shop", 0).current === 1);
    expect(server.fleet.summary("shop", 0).byRevision).toEqual(new Map([[third.revision, 1]]));
  });

  test("waits for a domain that does not exist yet", async () => {
    const { book, connect, clock } = await start();
    const sidecar = connect().hello(["bank", "shop"]);
    await sidecar.upTo("heartbeat");
    await clock.advance(5_000);
    await sidecar.upTo("heartbeat");
    book.publish(first);
    expect(shardsOf(await sidecar.upTo("commit"))).toEqual(["m1", "p1"]);
  });

  test("keeps its policy when the domain goes", async () => {
    const { book, connect, clock } = await start();
    book.publish(first);
    const sidecar = connect().hello();
    await sidecar.upTo("commit");
    sidecar.ack(first);
    book.remove("shop");
    await clock.advance(5_000);
    expect((await sidecar.upTo("heartbeat")).map(({ message }) => message)).toEqual(["heartbeat"]);
  });

  test("that has everything gets a confirmation and no shard", async () => {
    const { book, connect } = await start();
    book.publish(first);
    const shards = first.shards.map(({ hash }) => Buffer.from(hash, "hex"));
    const { domain, revision, epoch, position } = first;
    const sidecar = connect().hello([{ domain, revision, epoch, position, shards }]);
    const messages = await sidecar.upTo("progress");
    expect(messages.map(({ message }) => message)).toEqual(["heartbeat", "progress"]);
  });

  test("that has seen more is told so, and gets nothing until this replica caught up", async () => {
    const { book, connect, clock } = await start();
    book.publish(first);
    const { domain, revision, epoch, position } = third;
    const sidecar = connect().hello([{ domain, revision, epoch, position }]);
    expect((await sidecar.upTo("behind")).at(-1)?.behind).toMatchObject({ position: { AccessRole: "1" } });
    book.publish(second);
    await clock.advance(5_000);
    await sidecar.upTo("heartbeat");
    book.publish(third);
    const since = await sidecar.upTo("progress");
    expect(since.map(({ message }) => message)).toEqual(["progress"]);
  });

  test("gets an older position again once the epoch was raised", async () => {
    const { book, connect } = await start();
    const { domain, revision, epoch, position } = third;
    const sidecar = connect().hello([{ domain, revision, epoch, position }]);
    await sidecar.upTo("heartbeat");
    book.publish({ ...first, epoch: 1 });
    expect((await sidecar.upTo("commit")).at(-1)?.commit?.policy).toMatchObject({
      epoch: 1,
      position: { AccessRole: "1" },
    });
  });

  test("hears of the position alone at most once a second", async () => {
    const { book, connect, clock } = await start();
    book.publish(first);
    const sidecar = connect().hello();
    await sidecar.upTo("commit");
    sidecar.ack(first);
    for (let version = 2; version <= 300; version++) {
      book.publish({ ...first, position: { AccessRole: String(version) } });
      await clock.advance(10);
    }
    const before = sidecar.received.length;
    await clock.advance(1_000);
    await until(() => sidecar.received.at(-1)?.progress?.position.AccessRole === "300");
    expect(before).toBeLessThan(3 + 5);
  });
});

describe("a refused policy", () => {
  test("is tried again after a rest, not in a hot loop", async () => {
    const { book, connect, clock, server } = await start();
    book.publish(first);
    const sidecar = connect().hello();
    await sidecar.upTo("commit");
    sidecar.nack(first);
    await until(() => server.fleet.summary("shop", 0).laggards[0]?.refused === "SG2007");
    const before = sidecar.received.length;
    await clock.advance(999);
    expect(sidecar.received).toHaveLength(before);
    await clock.advance(1);
    expect(shardsOf(await sidecar.upTo("commit"))).toEqual(["m1", "p1"]);
  });

  test("gives way to a newer one at once", async () => {
    const { book, connect } = await start();
    book.publish(first);
    const sidecar = connect().hello();
    await sidecar.upTo("commit");
    sidecar.nack(first);
    book.publish(second);
    const messages = await sidecar.upTo("commit");
    expect(messages.at(-1)?.commit?.policy?.revision).toBe(second.revision);
  });
});

describe("a stream ends", () => {
  test.each([
    {
      name: "without a domain",
      domains: [],
      code: status.INVALID_ARGUMENT,
      says: "SG2102: domains is empty",
    },
    { name: "with a domain twice", domains: ["a", "a"], code: status.INVALID_ARGUMENT, says: "SG2102" },
  ])("after a Hello $name", async ({ domains, code, says }) => {
    const { connect, server } = await start();
    const error = await connect().hello(domains).end();
    expect(error).toMatchObject({ code, details: expect.stringContaining(says) });
    expect(server.fleet.size).toBe(0);
  });

  test("after a Hello of another protocol", async () => {
    const { connect } = await start();
    const sidecar = connect();
    sidecar.send({ hello: { protocol: 9, sidecar: "raw", version: "0", domains: [{ domain: "shop" }] } });
    expect(await sidecar.end()).toMatchObject({ code: status.FAILED_PRECONDITION });
  });

  test("after a second Hello", async () => {
    const { connect } = await start();
    const error = await connect().hello().hello().end();
    expect(error?.details).toContain("SG2006");
  });

  test("without a Hello in time", async () => {
    const { connect, clock } = await start();
    const sidecar = connect();
    sidecar.send({ heartbeat: {} });
    expect((await sidecar.end())?.details).toContain("must be hello");
    const quiet = connect();
    await until(() => clock.waiting > 0);
    await clock.advance(10_000);
    expect(await quiet.end()).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: /SG2104/ });
  });

  test("after three heartbeats of silence, and not while the sidecar speaks", async () => {
    const { connect, clock } = await start();
    const sidecar = connect().hello();
    await sidecar.upTo("heartbeat");
    for (let count = 0; count < 4; count++) {
      sidecar.send({ heartbeat: {} });
      await clock.advance(5_000);
      await sidecar.upTo("heartbeat");
    }
    expect(sidecar.ended).toBe(false);
    await clock.advance(20_000);
    expect(await sidecar.end()).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });

  test("when a Commit is not answered for too long", async () => {
    const { book, connect, clock, server } = await start({ stallMs: 8_000 });
    book.publish(first);
    const sidecar = connect().hello();
    await sidecar.upTo("commit");
    for (let count = 0; count < 2; count++) {
      sidecar.send({ heartbeat: {} });
      await clock.advance(5_000);
    }
    expect((await sidecar.end())?.details).toContain("stood still");
    expect(server.fleet.size).toBe(0);
  });

  test("when there are too many", async () => {
    const { connect } = await start({ maxSidecars: 1 });
    const sidecar = connect().hello();
    await sidecar.upTo("heartbeat");
    const error = await connect().hello().end();
    expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: /SG2103/ });
    sidecar.close();
  });
});

test("a stale answer changes nothing", async () => {
  const { book, connect, server } = await start();
  book.publish(first);
  const sidecar = connect().hello();
  await sidecar.upTo("commit");
  sidecar.ack(third);
  sidecar.ack(first);
  await until(() => server.fleet.summary("shop", 0).current === 1);
  sidecar.nack(first);
  book.publish(second);
  expect(shardsOf(await sidecar.upTo("commit"))).toEqual(["p2"]);
});

test("a sidecar that does not read blocks no other and is written to no further than the buffers", async () => {
  const { book, connect } = await start();
  let touched = 0;
  const shards = Array.from({ length: 50 }, (_, index) => `organization/${index}`);
  const large = (domain: string, value: number) =>
    compiledPolicy({
      domain,
      shards: Object.fromEntries(
        shards.map((id, index) => [id, Buffer.alloc(256 * 1024, `${value}-${index}`)]),
      ),
    });
  const watched = large("shop", 0);
  book.publish({
    ...watched,
    shards: watched.shards.map(({ id, hash, bytes }) => {
      let seen = false;
      return {
        id,
        hash,
        get bytes() {
          if (!seen) touched++;
          seen = true;
          return bytes;
        },
      };
    }),
  });
  const slow = connect(false).hello(["shop"]);
  const fast = connect().hello(["bank"]);
  for (let value = 1; value <= 3; value++) {
    const policy = large("bank", value);
    book.publish(policy);
    expect(await fast.upTo("commit")).toHaveLength(value === 1 ? 52 : 51);
    fast.ack(policy);
  }
  expect(touched).toBeGreaterThan(0);
  // 16 messages in its grpc-js, and what the windows of HTTP/2 and this server's buffer hold.
  expect(touched).toBeLessThan(25);
  slow.read();
  expect(await slow.upTo("commit")).toHaveLength(52);
});

describe("stopping", () => {
  test("lets a push under way be answered and says that the replica goes", async () => {
    const { book, connect, server } = await start();
    book.publish(first);
    const sidecar = connect().hello();
    await sidecar.upTo("commit");
    const stopped = server.stop();
    book.publish(second);
    sidecar.ack(first);
    const error = await sidecar.end();
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: /SG2105/ });
    sidecar.close();
    await stopped;
  });

  test("cuts a sidecar that takes nothing", async () => {
    const { book, connect, server, clock } = await start();
    const ids = Array.from({ length: 50 }, (_, index) => `organization/${index}`);
    book.publish(
      compiledPolicy({
        shards: Object.fromEntries(ids.map((id, index) => [id, Buffer.alloc(256 * 1024, index)])),
      }),
    );
    const deaf = connect(false).hello();
    await until(() => server.fleet.size === 1);
    let done = false;
    void server.stop(1_000).then(() => {
      done = true;
    });
    await until(() => {
      void clock.advance(500);
      return done;
    });
    deaf.read();
    // A lost connection, or the reset of the stream before it: the system may drop what came last.
    const { code } = (await deaf.end()) as { code: status };
    expect([status.UNAVAILABLE, status.INTERNAL]).toContain(code);
  });
});

test("who says goodbye is known to have left, and who is cut off to be lost", async () => {
  const { connect, server } = await start();
  const gone: string[] = [];
  server.fleet.onDeparture((_, how) => gone.push(how));
  const polite = connect().hello();
  await polite.upTo("heartbeat");
  polite.send({ goodbye: {} });
  expect(await polite.end()).toBeUndefined();
  const cut = connect().hello();
  await cut.upTo("heartbeat");
  cut.close();
  await until(() => gone.length === 2);
  expect(gone).toEqual(["goodbye", "lost"]);
});

test("who goes is no more in the fleet", async () => {
  const { connect, server } = await start();
  const sidecar = connect().hello();
  await until(() => server.fleet.size === 1);
  expect([...server.fleet.members()][0]).toMatchObject({ sidecar: "raw", version: "0" });
  sidecar.close();
  await until(() => server.fleet.size === 0);
});
