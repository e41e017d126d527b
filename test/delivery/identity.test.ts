import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compiledPolicy } from "../support/policies.ts";
import { type RawSidecar, until } from "../support/raw-sidecar.ts";
import { tokenText } from "../support/tokens.ts";
import { GuardedDelivery, SERVER_NAME } from "./guarded.ts";

const first = compiledPolicy({ shards: { model: "m1", platform: "p1" } });
const second = compiledPolicy({ shards: { model: "m1", platform: "p2" }, position: { AccessRole: "2" } });
const bank = compiledPolicy({ domain: "bank", shards: { model: "b1" } });

let delivery: GuardedDelivery;

beforeEach(async () => {
  delivery = await GuardedDelivery.start({ streamsPerPod: 4 });
  delivery.book.publish(first);
  delivery.book.publish(bank);
});
afterEach(() => delivery.stop());

const kinds = (sidecar: RawSidecar) => sidecar.received.map(({ message }) => message);
const members = () => [...delivery.server.fleet.members()].map(({ sidecar }) => sidecar);

describe("a sidecar with a token of its pod", () => {
  test("gets its policy, and is known by its pod", async () => {
    await delivery.shopSidecar("web-0").upTo("commit");
    const [member] = delivery.server.fleet.members();
    expect(member).toMatchObject({
      id: "uid-of-web-0/web-0",
      sidecar: "shop/web-0",
      verified: {
        user: "system:serviceaccount:shop:shop",
        pod: { namespace: "shop", name: "web-0", uid: "uid-of-web-0" },
      },
    });
    expect(delivery.lines.find(({ msg }) => msg === "Sidecar connected")).toMatchObject({
      sidecar: "shop/web-0",
    });
  });

  test("can not pass for another pod", async () => {
    await delivery.shopSidecar("web-1").upTo("commit");
    const token = delivery.api.podToken("shop", "web-0");
    await delivery.connect(token).hello(["shop"], "web-1").upTo("commit");
    const ids = [...delivery.server.fleet.members()].map(({ id, sidecar }) => `${id} ${sidecar}`);
    expect(ids).toEqual(["uid-of-web-1/web-1 shop/web-1", "uid-of-web-0/web-1 shop/web-0/web-1"]);
  });

  test("opens a new stream in place of the old one", async () => {
    const gone: string[] = [];
    delivery.server.fleet.onDeparture(({ sidecar }) => gone.push(sidecar));
    const old = delivery.shopSidecar("web-0");
    await old.upTo("commit");
    await delivery.shopSidecar("web-0").upTo("commit");
    expect(await old.end()).toMatchObject({ code: status.ABORTED, details: /^SG2159/ });
    expect([gone, members()]).toEqual([["shop/web-0"], ["shop/web-0"]]);
  });

  test("has as many streams as it may, whatever it calls itself", async () => {
    delivery.api.allowSync("shop");
    const token = delivery.api.podToken("shop", "web-0");
    const streams: RawSidecar[] = [];
    for (let index = 0; index < 6; index++) {
      streams.push(delivery.connect(token).hello(["shop"], `name-${index}`));
      await streams[index]?.upTo("commit");
    }
    expect(await streams[1]?.end()).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: /^SG2158/ });
    expect(members()).toEqual([2, 3, 4, 5].map((index) => `shop/web-0/name-${index}`));
  });
});

test("A pod that comes under ever new names is refused before reports grow with those that it left", async () => {
  delivery.api.allowSync("shop");
  const token = delivery.api.podToken("shop", "web-0");
  const codes: (string | undefined)[] = [];
  for (let index = 0; index < 33; index++) {
    const stream = delivery.connect(token).hello(["shop"], `name-${index}`);
    if (index < 32) await stream.upTo("commit");
    else codes.push((await stream.end())?.details);
  }
  expect(codes).toEqual([expect.stringMatching(/^SG2103: .* opens streams too often/)]);
  await delivery.shopSidecar("web-1").upTo("commit");
});

describe("a sidecar is refused", () => {
  const soon = () => delivery.clock.wallTime() + 3_600_000;
  const rows: { name: string; token: () => string | undefined; code: status; says: RegExp }[] = [
    { name: "without a token", token: () => undefined, code: status.UNAUTHENTICATED, says: /^SG2151/ },
    {
      name: "with a token that nobody issued",
      token: () => tokenText({ expiresAt: soon() / 1_000 }),
      code: status.UNAUTHENTICATED,
      says: /^SG2152: the API server says: invalid bearer token/,
    },
    {
      name: "with a token for the API server",
      token: () => tokenText({ audiences: ["https://kubernetes.default.svc"] }),
      code: status.UNAUTHENTICATED,
      says: /^SG2153: the token has the audience https:..kubernetes.default.svc, not sidegate.dev.operator/,
    },
    {
      name: "with a token that has ended",
      token: () => tokenText({ expiresAt: delivery.clock.wallTime() / 1_000 - 1_000 }),
      code: status.UNAUTHENTICATED,
      says: /^SG2154: the token ended at 2025-12-31T23:43:20.000Z/,
    },
    {
      name: "without the right to sync",
      token: () => delivery.api.podToken("shop", "web-0"),
      code: status.PERMISSION_DENIED,
      says: /^SG2155: .*grant the verb sync on accessdomains in namespace shop to serviceaccount shop\/shop/,
    },
  ];
  test.each(rows)("$name, and that is written down once", async ({ token, code, says }) => {
    const given = token();
    for (let attempt = 0; attempt < 3; attempt++) {
      const sidecar = delivery.connect(given).hello();
      expect(await sidecar.end()).toMatchObject({ code, details: says });
      expect(kinds(sidecar)).toEqual([]);
    }
    expect(delivery.warnings).toHaveLength(1);
    expect(JSON.stringify(delivery.lines)).not.toContain(given ?? "Bearer");
    expect(members()).toEqual([]);
  });

  test("that asks for another domain beside its own, and gets neither", async () => {
    delivery.api.allowSync("shop");
    const sidecar = delivery.connect(delivery.api.podToken("shop", "web-0")).hello(["shop", "bank"]);
    expect(await sidecar.end()).toMatchObject({ code: status.PERMISSION_DENIED, details: /domain "bank"/ });
    expect(kinds(sidecar)).toEqual([]);
  });

  test("but only put off while the API server is away", async () => {
    delivery.api.isAway = true;
    const token = delivery.api.podToken("shop", "web-0");
    delivery.api.allowSync("shop");
    expect(await delivery.connect(token).hello().end()).toMatchObject({
      code: status.UNAVAILABLE,
      details: /^SG2156: TokenReview: the test has switched it off/,
    });
    delivery.api.isAway = false;
    await delivery.connect(token).hello().upTo("commit");
  });

  test("and put off when the API server does not answer in time", async () => {
    const token = delivery.api.podToken("shop", "web-0");
    delivery.api.allowSync("shop");
    // Its token is known already; the question that hangs is for its right.
    await delivery.connect(token).hello(["bank"]).end();
    delivery.api.delay = new Promise(() => {});
    const before = delivery.api.asked;
    const sidecar = delivery.connect(token).hello();
    await until(() => delivery.api.asked > before);
    await delivery.clock.advance(10_000);
    expect(await sidecar.end()).toMatchObject({ code: status.UNAVAILABLE, details: /^SG2156/ });
    expect(members()).toEqual([]);
  });
});

describe("a stream", () => {
  test("ends with its token, once the push under way was answered", async () => {
    delivery.api.allowSync("shop");
    const token = delivery.api.podToken("shop", "web-0", delivery.clock.wallTime() + 600_000);
    const sidecar = delivery.connect(token).hello();
    await sidecar.upTo("commit");
    sidecar.ack(first);
    await until(() => delivery.server.fleet.summary("shop", 0).current === 1);
    for (let spoken = 0; spoken < 588_000; spoken += 12_000) {
      sidecar.send({ heartbeat: {} });
      await delivery.clock.advance(12_000);
      await sidecar.upTo("progress");
    }
    delivery.book.publish(second);
    await sidecar.upTo("commit");
    await delivery.clock.advance(2_000);
    expect(sidecar.ended).toBe(false);
    sidecar.ack(second);
    expect(await sidecar.end()).toMatchObject({ code: status.UNAVAILABLE, details: /^SG2157/ });
    expect(delivery.warnings).toEqual([]);
  });

  test("ends with its token even if the push under way is never answered", async () => {
    delivery.api.allowSync("shop");
    const token = delivery.api.podToken("shop", "web-0", delivery.clock.wallTime() + 60_000);
    const sidecar = delivery.connect(token).hello();
    await sidecar.upTo("commit");
    for (let spoken = 0; spoken < 60_000; spoken += 5_000) {
      sidecar.send({ heartbeat: {} });
      await delivery.clock.advance(5_000);
    }
    expect(await sidecar.end()).toMatchObject({ details: /^SG2157/ });
  });

  test("lives for a minute even if this machine's clock is far ahead", async () => {
    delivery.api.allowSync("shop");
    const token = delivery.api.podToken("shop", "web-0", delivery.clock.wallTime() - 200_000);
    const sidecar = delivery.connect(token).hello();
    await sidecar.upTo("commit");
    sidecar.ack(first);
    await until(() => delivery.server.fleet.summary("shop", 0).current === 1);
    await delivery.clock.advance(10_000);
    await sidecar.upTo("progress");
    expect(sidecar.ended).toBe(false);
  });

  const talk = async (sidecar: RawSidecar, ms: number) => {
    for (let spoken = 0; spoken < ms && !sidecar.ended; spoken += 10_000) {
      sidecar.send({ heartbeat: {} });
      await delivery.clock.advance(10_000);
      if (!sidecar.ended) await sidecar.upTo("progress").catch(() => {});
    }
  };

  test("ends when the right to its domain is lost, and not because nobody can tell", async () => {
    const withdraw = delivery.api.allowSync("shop");
    const sidecar = delivery.connect(delivery.api.podToken("shop", "web-0")).hello();
    await sidecar.upTo("commit");
    sidecar.ack(first);
    await until(() => delivery.server.fleet.summary("shop", 0).current === 1);
    delivery.api.isAway = true;
    await talk(sidecar, 320_000);
    expect(sidecar.ended).toBe(false);
    delivery.api.isAway = false;
    withdraw();
    await talk(sidecar, 320_000);
    expect(await sidecar.end()).toMatchObject({ code: status.PERMISSION_DENIED, details: /^SG2155/ });
  });
});

describe("the certificate", () => {
  const open = async (options: object = {}): Promise<TLSSocket> => {
    const socket = connectTls({
      ...{ port: delivery.port, host: "127.0.0.1", ca: delivery.certificate.ca, servername: SERVER_NAME },
      ALPNProtocols: ["h2"],
      ...options,
    });
    await once(socket, "secureConnect");
    return socket;
  };
  const serialOf = (socket: TLSSocket) => socket.getPeerCertificate().serialNumber;

  test("is rotated for new connections, and open streams go on", async () => {
    const sidecar = delivery.shopSidecar("web-0");
    await sidecar.upTo("commit");
    sidecar.ack(first);
    const before = await open();
    await delivery.certificate.rotate();
    const after = await open();
    expect(serialOf(after)).not.toBe(serialOf(before));
    delivery.book.publish(second);
    await sidecar.upTo("commit");
    before.destroy();
    after.destroy();
  });

  test("stays when the next one can not be used", async () => {
    const before = await open();
    delivery.certificate.set("no certificate", "no key");
    const after = await open();
    expect(serialOf(after)).toBe(serialOf(before));
    expect(delivery.lines).toContainEqual(expect.objectContaining({ level: 50, code: "SG2164" }));
    before.destroy();
    after.destroy();
  });

  test("is served over TLS 1.2 and newer only", async () => {
    const modern = await open({ maxVersion: "TLSv1.2" });
    expect(modern.getProtocol()).toBe("TLSv1.2");
    modern.destroy();
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
    await expect(open(old)).rejects.toThrow();
  });

  test("is of no use to who speaks no HTTP/2, or no TLS", async () => {
    const http = await open({ ALPNProtocols: undefined });
    await once(http.resume(), "close");
    const plain = connectTcp(delivery.port, "127.0.0.1");
    plain.on("error", () => {});
    plain.end("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    await once(plain.resume(), "close");
  });
});
