import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type BatchCheckRequest,
  type CheckRequest,
  type CheckResponse,
  type Disclosure,
  Reason,
} from "../proto/generated/decision.js";
import { ErrorInfo, Status } from "../proto/generated/error.js";
import { sidegateService } from "../proto/sidegate-service.ts";
import { fromStruct } from "../proto/struct.ts";
import type { Check } from "./check.ts";
import {
  CheckFailedError,
  InvalidRequestError,
  PositionNotReachedError,
  SidegateClient,
  UnavailableError,
} from "./index.ts";

const check: Check = {
  subject: { kind: "User", name: "ann" },
  permission: "logs:view",
  scope: "environment/acme-prod",
};

type Handle<Req, Res> = (call: ServerUnaryCall<Req, Res>, respond: sendUnaryData<Res>) => void;
let onCheck: Handle<CheckRequest, Partial<CheckResponse>>;
let onBatch: Handle<BatchCheckRequest, unknown>;
let server: Server;
let client: SidegateClient;

beforeAll(async () => {
  server = new Server();
  server.addService(sidegateService, {
    check: (call: Parameters<typeof onCheck>[0], respond: Parameters<typeof onCheck>[1]) =>
      onCheck(call, respond),
    batchCheck: (call: Parameters<typeof onBatch>[0], respond: Parameters<typeof onBatch>[1]) =>
      onBatch(call, respond),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  client = new SidegateClient({ address: `127.0.0.1:${port}`, domain: "shop" });
});

afterAll(() => {
  client.close();
  server.forceShutdown();
});

beforeEach(() => {
  onCheck = (_call, respond) => respond(null, { allowed: true, reason: Reason.ALLOWED });
});

/** Ends the next check with an error as a sidecar does. */
function failWith(
  code: status,
  info: { reason: string; domain?: string; metadata?: Record<string, string> },
): void {
  const { reason, domain = "sidegate.dev", metadata = {} } = info;
  const value = ErrorInfo.encode({ reason, domain, metadata }).finish();
  const details = [
    { type_url: "type.googleapis.com/google.rpc.Help", value: Buffer.from([255]) },
    { type_url: "type.googleapis.com/google.rpc.ErrorInfo", value },
  ];
  const trailer = new Metadata();
  trailer.set("grpc-status-details-bin", Status.encode({ code, message: "told", details }).finish());
  onCheck = (_call, respond) => respond({ code, details: "told", metadata: trailer });
}

describe("a check", () => {
  test("is sent with all that it holds", async () => {
    let sent: CheckRequest | undefined;
    onCheck = (call, respond) => {
      sent = call.request;
      respond(null, { allowed: true });
    };
    await client.check({
      ...check,
      subject: {
        kind: "User",
        name: "ann",
        groups: ["ops"],
        attributes: { age: 4, tags: ["x", null, { y: true }] },
      },
      resource: { name: "db", attributes: { size: 1.5 } },
      context: { ip: "10.0.0.1" },
      activeRoles: ["viewer"],
      token: "a.b.c",
      minPosition: ["Organization:4"],
      explain: true,
    });
    expect(sent).toMatchObject({ domain: "shop", permission: "logs:view", scope: "environment/acme-prod" });
    expect(sent).toMatchObject({
      activeRoles: ["viewer"],
      token: "a.b.c",
      minPosition: ["Organization:4"],
      explain: true,
    });
    expect(sent?.subject).toMatchObject({ kind: "User", name: "ann", groups: ["ops"] });
    const attributes = fromStruct(sent!.subject!.attributes!);
    expect(JSON.parse(JSON.stringify(attributes))).toEqual({ age: 4, tags: ["x", null, { y: true }] });
    expect(fromStruct(sent!.resource!.attributes!)).toMatchObject({ size: 1.5 });
    expect(fromStruct(sent!.context!)).toMatchObject({ ip: "10.0.0.1" });
  });

  test("names its own domain before the client's", async () => {
    let domain: string | undefined;
    onCheck = (call, respond) => {
      domain = call.request.domain;
      respond(null, {});
    };
    await client.check({ ...check, domain: "forum" });
    expect(domain).toBe("forum");
  });

  test("that is denied says as little as it must when the sidecar is newer than the client", async () => {
    onCheck = (_call, respond) => respond(null, { reason: 99 as Reason, disclosure: 99 as Disclosure });
    expect(await client.check(check)).toEqual({
      allowed: false,
      reason: "Unknown",
      disclosure: "NotFound",
      revision: "",
    });
  });
});

describe("an error", () => {
  const failure = () => client.check(check).catch((error: unknown) => error as InvalidRequestError);

  test("is an InvalidRequestError with the field", async () => {
    failWith(status.INVALID_ARGUMENT, {
      reason: "InvalidRequest",
      metadata: { code: "SG3001", field: "scope" },
    });
    const error = await failure();
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      name: "InvalidRequestError",
      message: "told",
      status: "INVALID_ARGUMENT",
      field: "scope",
    });
  });

  test("is an UnavailableError or a PositionNotReachedError", async () => {
    failWith(status.UNAVAILABLE, { reason: "Unavailable" });
    expect(await failure()).toBeInstanceOf(UnavailableError);
    failWith(status.DEADLINE_EXCEEDED, { reason: "PositionNotReached" });
    expect(await failure()).toBeInstanceOf(PositionNotReachedError);
  });

  test("of someone else's domain, or without details, is told by its status", async () => {
    failWith(status.INVALID_ARGUMENT, { reason: "InvalidRequest", domain: "other.example" });
    expect((await failure()).constructor).toBe(CheckFailedError);
    onCheck = (_call, respond) => respond({ code: status.INTERNAL, details: "broken" });
    expect(await failure()).toMatchObject({
      name: "CheckFailedError",
      status: "INTERNAL",
      message: "broken",
    });
  });

  test("with details that can not be read is told by its status", async () => {
    const trailer = new Metadata();
    trailer.set("grpc-status-details-bin", Buffer.from([255, 255]));
    onCheck = (_call, respond) => respond({ code: status.INTERNAL, details: "broken", metadata: trailer });
    expect(await failure()).toMatchObject({ status: "INTERNAL" });
  });

  test("is an UnavailableError when nobody listens", async () => {
    const alone = new SidegateClient({ address: "unix:/nonexistent/sidegate.sock" });
    await expect(alone.check(check)).rejects.toThrow(UnavailableError);
    alone.close();
  });

  test("ends a check at its deadline and when it is aborted", async () => {
    onCheck = () => {};
    await expect(client.check(check, { deadlineMs: 30 })).rejects.toMatchObject({
      status: "DEADLINE_EXCEEDED",
    });
    const abort = new AbortController();
    const answer = client.check(check, { signal: abort.signal });
    abort.abort(new Error("changed my mind"));
    await expect(answer).rejects.toThrow("changed my mind");
    await expect(client.check(check, { signal: abort.signal })).rejects.toThrow("changed my mind");
  });
});

describe("a batch", () => {
  test("has decisions and errors in their places", async () => {
    onBatch = (_call, respond) =>
      respond(null, {
        results: [
          { response: { allowed: true, reason: Reason.ALLOWED } },
          { error: { status: 3, reason: "InvalidRequest", message: "scope is missing" } },
          { error: { status: 14, reason: "Unavailable", message: "no policy" } },
          {},
        ],
      });
    const [first, second, third, fourth] = await client.batchCheck([check, check, check, check]);
    expect(first).toMatchObject({ allowed: true });
    expect(second).toBeInstanceOf(InvalidRequestError);
    expect(second).toMatchObject({ message: "scope is missing", status: "INVALID_ARGUMENT" });
    expect(third).toBeInstanceOf(UnavailableError);
    expect(fourth).toBeInstanceOf(CheckFailedError);
  });

  test("with another number of answers is an error", async () => {
    onBatch = (_call, respond) => respond(null, { results: [] });
    await expect(client.batchCheck([check])).rejects.toThrow("Asked 1 questions, got 0 answers");
  });
});
