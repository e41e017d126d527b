import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
} from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compiledPolicy } from "../support/policies.ts";
import { nextTurn, type RawSidecar, until } from "../support/raw-sidecar.ts";
import { tokenText } from "../support/tokens.ts";
import { GuardedDelivery, SERVER_NAME } from "./guarded.ts";

const first = compiledPolicy({ shards: { model: "m1", platform: "p1" } });
const NEIGHBOUR = "127.0.0.2";

let delivery: GuardedDelivery;
let good: RawSidecar;
let version = 1;
const sockets: Socket[] = [];
const sessions: ClientHttp2Session[] = [];

beforeEach(async () => {
  delivery = await GuardedDelivery.start({
    streamsPerPod: 4,
    waitingPerAddress: 64,
    newPerAddress: { burst: 12_000, perSecond: 0 },
  });
  delivery.book.publish(first);
  good = delivery.shopSidecar("good-0");
  await good.upTo("commit");
  good.ack(first);
  await until(() => delivery.server.fleet.summary("shop", 0).current === 1);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const session of sessions.splice(0)) session.destroy();
  await delivery.stop();
});

/** What the test is about: those who behave notice nothing. The connected one gets a change, a new one gets in. */
async function othersAreWell(): Promise<void> {
  version++;
  const next = compiledPolicy({
    shards: { model: "m1", platform: `p${version}` },
    position: { AccessRole: String(version) },
  });
  delivery.book.publish(next);
  await good.upTo("commit");
  good.ack(next);
  const newcomer = delivery.shopSidecar(`newcomer-${version}`);
  await newcomer.upTo("commit");
  newcomer.close();
}

function tcp(from = NEIGHBOUR): Socket {
  const socket = connectTcp({ port: delivery.port, host: "127.0.0.1", localAddress: from });
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}

async function tls(): Promise<TLSSocket> {
  const { ca } = delivery.certificate;
  const socket = connectTls({ socket: tcp(), ca, servername: SERVER_NAME, ALPNProtocols: ["h2"] });
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  return socket;
}

async function http2(): Promise<ClientHttp2Session> {
  const socket = await tls();
  const session = connectHttp2(`https://${SERVER_NAME}`, { createConnection: () => socket });
  session.on("error", () => {});
  sessions.push(session);
  return session;
}

/** Opens a call as gRPC does. */
function callOn(session: ClientHttp2Session, token?: string, method = "Sync") {
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: "POST",
    [constants.HTTP2_HEADER_PATH]: `/sidegate.v1.Delivery/${method}`,
    "content-type": "application/grpc",
    te: "trailers",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  });
  stream.on("error", () => {});
  return stream.resume();
}

/** A gRPC frame around some bytes. */
function frame(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** The gRPC status that a call ends with. */
function statusOf(stream: ClientHttp2Stream): Promise<number> {
  return new Promise((resolve) => {
    const read = (headers: Readonly<Record<string, unknown>>) => {
      if (headers["grpc-status"] !== undefined) resolve(Number(headers["grpc-status"]));
    };
    stream.on("trailers", read);
    stream.on("response", read);
  });
}

const isClosed = (socket: Socket) => until(() => socket.destroyed);

describe("others are well while a peer", () => {
  test("opens 3,000 connections and says nothing, of which few stay and none for long", async () => {
    let open = 0;
    let most = 0;
    for (let opened = 0; opened < 3_000; opened += 100) {
      const batch = Array.from({ length: 100 }, () => tcp());
      for (const socket of batch) {
        socket.once("connect", () => {
          open++;
        });
        socket.once("close", () => {
          open--;
        });
        socket.resume();
      }
      await Promise.all(
        batch.map((socket) => Promise.race([once(socket, "connect"), once(socket, "close")])),
      );
      most = Math.max(most, open);
    }
    await othersAreWell();
    await until(() => open <= 64);
    expect(most).toBeLessThan(1_000);
    await delivery.clock.advance(10_000);
    good.send({ heartbeat: {} });
    await until(() => open === 0);
    await othersAreWell();
    expect(delivery.warnings).toMatchObject([{ code: "SG2160", peer: NEIGHBOUR }]);
  });

  test("opens connections faster than its address may", async () => {
    await delivery.stop();
    delivery = await GuardedDelivery.start({ newPerAddress: { burst: 10, perSecond: 1 } });
    const many = Array.from({ length: 30 }, () => tcp().resume());
    await until(() => many.filter(({ destroyed }) => destroyed).length === 20);
    delivery.book.publish(first);
    await delivery.shopSidecar("other-0").upTo("commit");
    await delivery.clock.advance(2_000);
    const more = Array.from({ length: 5 }, () => tcp().resume());
    await until(() => more.filter(({ destroyed }) => destroyed).length === 3);
    expect(delivery.warnings).toMatchObject([
      { code: "SG2160", error: "it opens connections too often", peer: "127.0.0.2" },
    ]);
  });

  test("finishes its handshake and says nothing", async () => {
    const socket = await tls();
    const session = await http2();
    await othersAreWell();
    await delivery.clock.advance(10_000);
    await isClosed(socket.resume());
    await until(() => session.destroyed);
    expect(delivery.warnings).toMatchObject([{ code: "SG2160", peer: NEIGHBOUR }]);
  });

  test("opens 10,000 streams without a token, on connections that are closed after a few", async () => {
    let sent = 0;
    while (sent < 10_000) {
      const session = await http2();
      const streams = Array.from({ length: 500 }, () => callOn(session));
      sent += streams.length;
      await until(() => session.destroyed);
    }
    await othersAreWell();
    expect(delivery.api.asked).toBeLessThan(20);
    expect(delivery.warnings).toHaveLength(1);
  });

  test("tries tokens of its own making, each once at the API server, on connections that are closed", async () => {
    const before = delivery.api.asked;
    const expiresAt = delivery.clock.wallTime() / 1_000 + 600;
    for (let tries = 0; tries < 20; tries++) {
      const session = await http2();
      for (let index = 0; index < 50; index++) callOn(session, tokenText({ expiresAt }));
      await until(() => session.destroyed);
    }
    await othersAreWell();
    // Eight streams of a connection are taken up at a time, and the fifth refusal is its last.
    expect(delivery.api.asked - before).toBeLessThan(20 * 16 + 10);
    expect(delivery.warnings).toHaveLength(1);
  });

  test("takes back at once what it opens with tokens of its own making, of which few are asked about", async () => {
    const before = delivery.api.asked;
    const expiresAt = delivery.clock.wallTime() / 1_000 + 600;
    const answer = Promise.withResolvers<void>();
    delivery.api.delay = answer.promise;
    const session = await http2();
    await once(session, "remoteSettings");
    for (let opened = 0; opened < 900 && !session.destroyed; opened++) {
      const stream = callOn(session, tokenText({ expiresAt }));
      await nextTurn();
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await until(() => session.destroyed);
    answer.resolve();
    delivery.api.delay = undefined;
    await othersAreWell();
    // Those of the newcomer included.
    expect(delivery.api.asked - before).toBeLessThan(40);
    expect(delivery.warnings).toMatchObject([{ code: "SG2160" }, { code: "SG2152" }]);
  });

  test("opens many streams with the token of one pod, of which the newest four stay", async () => {
    delivery.api.allowSync("shop");
    const token = delivery.api.podToken("shop", "greedy-0");
    for (let tries = 0; tries < 30; tries++) {
      const session = await http2();
      for (let index = 0; index < 8; index++) callOn(session, token);
    }
    await othersAreWell();
    await until(() => delivery.server.fleet.size <= 2);
    expect(delivery.warnings.length).toBeLessThan(3);
  });

  test("sends bytes that are no TLS, no HTTP/2 and no gRPC", async () => {
    const plain = tcp();
    plain.write(randomBytes(4_096));
    await isClosed(plain.resume());
    const secure = await tls();
    secure.write(randomBytes(4_096));
    await isClosed(secure.resume());
    delivery.api.allowSync("shop");
    const session = await http2();
    const stream = callOn(session, delivery.api.podToken("shop", "garbled-0"));
    stream.write(frame(Buffer.alloc(512, 0xff)));
    expect(await statusOf(stream)).toBe(status.INTERNAL);
    await othersAreWell();
    expect(delivery.warnings).toMatchObject([
      { level: 40, code: "SG2006", peer: NEIGHBOUR, msg: "A TLS handshake failed" },
      { level: 40, code: "SG2006", pod: "shop/garbled-0", msg: "A peer sent what can not be read" },
    ]);
  });

  test("sends a message that is larger than any may be", async () => {
    delivery.api.allowSync("shop");
    const session = await http2();
    const stream = callOn(session, delivery.api.podToken("shop", "large-0"));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(64 * 1024 * 1024, 1);
    stream.write(head);
    expect(await statusOf(stream)).toBe(status.RESOURCE_EXHAUSTED);
    await othersAreWell();
    expect(delivery.warnings).toMatchObject([
      { code: "SG2006", pod: "shop/large-0", error: expect.stringContaining("larger than max") },
    ]);
  });

  test.each(["Sync", "FetchShards"])(
    "sends to %s before it is let in, of which no more than a window is taken",
    async (method) => {
      delivery.api.delay = new Promise(() => {});
      const session = await http2();
      const stream = callOn(session, tokenText(), method);
      let taken = 0;
      const piece = Buffer.alloc(64 * 1024);
      const head = Buffer.alloc(5);
      head.writeUInt32BE(7 * 1024 * 1024, 1);
      stream.write(head);
      const send = () => {
        stream.write(piece, () => {
          taken += piece.length;
          if (taken < 4_000_000) send();
        });
      };
      send();
      for (let turn = 0; turn < 200; turn++) await nextTurn();
      expect(taken).toBeLessThan(1_000_000);
      delivery.api.delay = undefined;
      await othersAreWell();
    },
  );

  test("acknowledges what it was never sent, and refuses what is not under way", async () => {
    const liar = delivery.shopSidecar("liar-0");
    await liar.upTo("commit");
    const never = compiledPolicy({ shards: { model: "never" }, position: { AccessRole: "999" } });
    for (let count = 0; count < 1_000; count++) {
      liar.ack(never);
      liar.nack(never);
    }
    await othersAreWell();
    const member = [...delivery.server.fleet.members()].find(({ sidecar }) => sidecar === "shop/liar-0");
    expect(member?.holdings.get("shop")?.active).toBeUndefined();
    expect(delivery.warnings).toMatchObject([
      { code: "SG2006", sidecar: "shop/liar-0", msg: "Ignored a sidecar's reply" },
    ]);
  });

  test("never answers, and is cut", async () => {
    const mute = delivery.shopSidecar("mute-0");
    await mute.upTo("commit");
    for (let elapsed = 0; elapsed <= 130_000 && !mute.ended; elapsed += 5_000) {
      mute.send({ heartbeat: {} });
      good.send({ heartbeat: {} });
      await delivery.clock.advance(5_000);
      for (let turn = 0; turn < 3; turn++) await nextTurn();
    }
    expect(await mute.end()).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: /stood still/ });
    await othersAreWell();
  });

  test("does not read what it asked for", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `organization/${index}`);
    const shards = Object.fromEntries(ids.map((id, index) => [id, Buffer.alloc(256 * 1024, index)]));
    delivery.book.publish(compiledPolicy({ domain: "bank", shards }));
    delivery.api.allowSync("bank");
    delivery.connect(delivery.api.podToken("bank", "deaf-0"), false).hello(["bank"]);
    await until(() => delivery.server.fleet.size === 2);
    await othersAreWell();
  });
});
