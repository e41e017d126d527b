import { once } from "node:events";
import { Agent, type RequestOptions, request } from "node:https";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestCertificate } from "../../test/support/certificates.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import type { AdmissionResponse, ReviewHandler } from "./review.ts";
import { startWebhookServer, type WebhookLimits, type WebhookServer } from "./webhook-server.ts";

const eventually = { timeout: 20_000, interval: 5 };
let certificate: TestCertificate;
let clock: ManualClock;
let server: WebhookServer;
let sockets: Socket[];
let log: ReturnType<typeof recordingLogger>;

beforeEach(async () => {
  certificate ??= await TestCertificate.make("localhost");
  clock = new ManualClock();
  sockets = [];
  log = recordingLogger();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop(0);
});

async function serve(validate: ReviewHandler, limits: Partial<WebhookLimits> = {}): Promise<void> {
  const { logger } = log;
  const listen = "127.0.0.1:0";
  server = await startWebhookServer({
    listen,
    certificate,
    clock,
    logger,
    routes: { "/validate": validate },
    limits,
  });
}

const review = (more: object = {}) => ({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  request: {
    uid: "abc",
    kind: { group: "sidegate.dev", version: "v1alpha1", kind: "AccessRole" },
    resource: { group: "sidegate.dev", version: "v1alpha1", resource: "accessroles" },
    operation: "CREATE",
    namespace: "shop",
    userInfo: { username: "ann", groups: ["dev"] },
    object: { metadata: { name: "x" } },
    ...more,
  },
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

function port(): number {
  return Number(server.address.split(":").at(-1));
}

function ask(body: unknown, path = "/validate", options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const target = {
      host: "127.0.0.1",
      port: port(),
      path,
      method: "POST",
      ca: certificate.ca,
      servername: "localhost",
    };
    const sent = request({ ...target, agent: false, ...options }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once("error", reject);
    sent.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

/** A connection that has said nothing yet. */
async function open(): Promise<Socket> {
  const socket = connect(port(), "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

const closed = (socket: Socket) => expect.poll(() => socket.closed, eventually).toBe(true);

async function responseTo(answer: AdmissionResponse): Promise<Record<string, unknown>> {
  await serve(async () => answer);
  const { status, text } = await ask(review());
  expect(status).toBe(200);
  return (JSON.parse(text) as { response: Record<string, unknown> }).response;
}

describe("A review", () => {
  test("is read, and answered with its uid", async () => {
    const seen: unknown[] = [];
    await serve(async (admission) => {
      seen.push(admission);
      return {};
    });
    const { text } = await ask(review({ oldObject: null, dryRun: true }));
    expect(JSON.parse(text)).toEqual({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: "abc", allowed: true },
    });
    expect(seen).toMatchObject([
      {
        uid: "abc",
        operation: "CREATE",
        subResource: "",
        name: "",
        dryRun: true,
        userInfo: { groups: ["dev"] },
      },
    ]);
  });

  test("is denied with a sentence, cut where it is too long", async () => {
    const denial = { code: 403, reason: "Forbidden", message: "x".repeat(10_000) };
    const { allowed, status } = await responseTo({ denial, patch: [{ op: "remove", path: "/x" }] });
    expect({ allowed, status }).toEqual({
      allowed: false,
      status: { status: "Failure", code: 403, reason: "Forbidden", message: `${"x".repeat(4093)}...` },
    });
  });

  test("has as many warnings as the API server shows, each on one line", async () => {
    const warnings = ["a\nb", ...Array.from({ length: 100 }, () => "y".repeat(300))];
    const shown = (await responseTo({ warnings })).warnings as string[];
    expect(shown[0]).toBe("a b");
    expect(shown.join("").length).toBeLessThanOrEqual(4096);
    expect(Math.max(...shown.map((line) => line.length))).toBe(256);
    expect(shown.at(-1)).toBe(`and ${101 - (shown.length - 1)} more warnings`);
  });

  test("has a patch", async () => {
    const patch = [{ op: "add", path: "/metadata/finalizers", value: ["x"] }] as const;
    const { patch: encoded, patchType } = await responseTo({ patch });
    expect(patchType).toBe("JSONPatch");
    expect(JSON.parse(Buffer.from(encoded as string, "base64").toString())).toEqual(patch);
  });

  test("of the largest object that the API server sends is read", async () => {
    await serve(async ({ object }) => ({ warnings: [String(JSON.stringify(object).length)] }));
    const { status, text } = await ask(review({ object: { metadata: {}, x: "x".repeat(3_000_000) } }));
    expect([status, text.includes("3000022")]).toEqual([200, true]);
  });
});

describe("What is no review", () => {
  test.each<[string, unknown, string, RequestOptions, number, string]>([
    ["another path", review(), "/other", {}, 404, "there is no webhook at /other"],
    ["another method", "", "/validate", { method: "GET" }, 405, "a review is sent with POST"],
    ["no JSON", "{", "/validate", {}, 400, "the body is no JSON"],
    ["no object", "[]", "/validate", {}, 400, "the body is no object"],
    ["another kind", { kind: "Pod" }, "/validate", {}, 400, "the body is no AdmissionReview"],
    ["no uid", review({ uid: "" }), "/validate", {}, 400, "request.uid is empty"],
    [
      "an unknown operation",
      review({ operation: "EAT" }),
      "/validate",
      {},
      400,
      "request.operation is none of",
    ],
    [
      "groups that are no strings",
      review({ userInfo: { groups: [1] } }),
      "/validate",
      {},
      400,
      "is no list of strings",
    ],
    ["an object that is none", review({ object: "x" }), "/validate", {}, 400, "request.object is no object"],
    ["what is deeply nested", "[".repeat(100_000), "/validate", {}, 400, "the body is no"],
    ["too large", "x".repeat(2_000), "/validate", {}, 413, "a request may have 1000 bytes"],
  ])("is refused: %s", async (_name, body, path, options, status, text) => {
    await serve(async () => ({}), { requestBytes: status === 413 ? 1000 : 1_000_000 });
    const answer = await ask(body, path, options);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
    await ask(body, path, options);
    expect(log.lines.filter(({ level }) => level >= 40)).toMatchObject([
      { code: "SG4501", peer: "127.0.0.1", error: expect.stringContaining(text) },
    ]);
  });

  test("is refused while it comes, where its length is not said", async () => {
    await serve(async () => ({}), { requestBytes: 1000 });
    const answer = await ask("x".repeat(200_000), "/validate", {
      headers: { "transfer-encoding": "chunked" },
    });
    expect(answer.status).toBe(413);
  });
});

describe("A handler that", () => {
  test("fails is a webhook that failed, named once in the log, and no other's business", async () => {
    await serve(async ({ uid }) => {
      if (uid === "bad") throw new Error("broken");
      return {};
    });
    expect(await ask(review({ uid: "bad" }))).toEqual({
      status: 500,
      text: "the review could not be judged: broken",
    });
    expect((await ask(review())).status).toBe(200);
    expect(log.lines.filter(({ msg }) => msg === "A review failed")).toMatchObject([
      { path: "/validate", user: "ann", kind: "AccessRole", domain: "shop" },
    ]);
  });

  test("takes longer than the API server waits is told, and so is the API server", async () => {
    const aborted = Promise.withResolvers<void>();
    await serve(async (_request, signal) => {
      await once(signal, "abort");
      aborted.resolve();
      throw new Error("given up");
    });
    const answer = ask(review(), "/validate?timeout=2s");
    await expect.poll(() => clock.untilNext, eventually).toBe(1800);
    await clock.advance(1800);
    await aborted.promise;
    expect(await answer).toEqual({ status: 504, text: "the review could not be judged within 1800 ms" });
  });
});

describe("A client that", () => {
  test("says nothing is cut, in TLS or before it", async () => {
    await serve(async () => ({}));
    const plain = await open();
    const secure = connectTls({
      port: port(),
      host: "127.0.0.1",
      ca: certificate.ca,
      servername: "localhost",
    });
    sockets.push(secure.on("error", () => {}));
    await once(secure, "secureConnect");
    await clock.advance(5_000);
    await closed(plain);
    await closed(secure.resume());
  });

  test("sends a body byte by byte is cut", async () => {
    await serve(async () => ({}));
    const slow = connectTls({ port: port(), host: "127.0.0.1", ca: certificate.ca, servername: "localhost" });
    sockets.push(slow.on("error", () => {}).resume());
    await once(slow, "secureConnect");
    slow.write("POST /validate HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{");
    await clock.advance(4_000);
    slow.write(" ");
    await clock.advance(5_000);
    await closed(slow);
  });

  test("speaks no TLS is cut, without effect on others", async () => {
    await serve(async () => ({}));
    const garbage = await open();
    garbage.resume().write("GET / HTTP/1.1\r\n\r\n");
    await closed(garbage);
    expect((await ask(review())).status).toBe(200);
  });

  test("opens too many connections loses the oldest, and keeps nobody out", async () => {
    await serve(async () => ({}), { connections: 3 });
    const [first] = [await open(), await open(), await open()];
    expect((await ask(review())).status).toBe(200);
    await closed((first as Socket).resume());
  });
});

test("A new certificate serves new connections", async () => {
  await serve(async () => ({}));
  const serialNumber = async () => {
    const socket = connectTls({
      port: port(),
      host: "127.0.0.1",
      ca: certificate.ca,
      servername: "localhost",
    });
    sockets.push(socket.on("error", () => {}));
    await once(socket, "secureConnect");
    return socket.getPeerCertificate().serialNumber;
  };
  const before = await serialNumber();
  await certificate.rotate();
  const after = await serialNumber();
  expect(after).not.toBe(before);
  certificate.set("nonsense", "nonsense");
  expect(await serialNumber()).toBe(after);
  await certificate.rotate();
});

test("Stopping answers what was asked, and takes nothing new", async () => {
  const { promise, resolve } = Promise.withResolvers<AdmissionResponse>();
  let asked = 0;
  await serve(() => {
    asked++;
    return promise;
  });
  const answer = ask(review());
  await expect.poll(() => asked, eventually).toBe(1);
  const stopped = server.stop(10_000);
  await expect(ask(review())).rejects.toThrow("ECONNREFUSED");
  resolve({});
  expect((await answer).status).toBe(200);
  await stopped;
});

describe("A connection that is kept when the server stops", () => {
  let agent: Agent;
  beforeEach(async () => {
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await serve(async () => ({}));
    await ask(review(), "/validate", { agent });
  });
  afterEach(() => agent.destroy());

  test("has one more answer, which closes it", async () => {
    const stopped = server.stop(10_000);
    expect((await ask(review(), "/validate", { agent })).status).toBe(200);
    await stopped;
    await expect(ask(review(), "/validate", { agent })).rejects.toThrow("ECONNREFUSED");
  });

  test("is cut where nothing is asked for a second", async () => {
    const stopped = server.stop(10_000);
    await clock.advance(1_000);
    await stopped;
  });
});
