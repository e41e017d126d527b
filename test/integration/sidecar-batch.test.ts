import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Check, type Decision, SidegateClient } from "../../client/index.ts";
import { createSystemClock } from "../../host/clock.ts";
import { BatchCheckRequest, BatchCheckResponse } from "../../proto/generated/decision.js";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { batchCheckDoor } from "../../sidecar/api/check/batch-check.ts";
import { Snapshots } from "../../sidecar/snapshot/snapshots.ts";
import { TokenVerifier } from "../../sidecar/token/token-verifier.ts";
import { silent } from "../support/silent-logger.ts";
import { DOMAIN } from "../worlds/build.ts";
import {
  allowed,
  encodeCheck,
  eventually,
  type Fixture,
  policyOf,
  rawCall,
  shop,
  startFixture,
  use,
} from "./sidecar-fixture.ts";

const { path } = sidegateService.batchCheck;
const denied: Check = { ...allowed, permission: "logs:manage" };
const malformed: Check = { ...allowed, permission: "logs" };
let fixture: Fixture;
let client: SidegateClient;

beforeEach(async () => {
  fixture = await startFixture();
  use(fixture, policyOf(shop, { Organization: "5" }));
  client = new SidegateClient({ address: fixture.addresses[0] });
});

afterEach(async () => {
  client.close();
  await fixture.stop();
});

const inShort = (results: readonly (Decision | Error)[]) =>
  results.map((result) => (result instanceof Error ? result.name : result.reason));

test("answers are in the order of the questions, errors in their places", async () => {
  const checks = [allowed, malformed, denied, { ...allowed, domain: "elsewhere" }, allowed];
  expect(inShort(await client.batchCheck(checks))).toEqual([
    "Allowed",
    "InvalidRequestError",
    "ExplicitDeny",
    "UnavailableError",
    "Allowed",
  ]);
});

test("a batch answers as its checks do one by one", async () => {
  const checks = [
    allowed,
    denied,
    { ...allowed, explain: true },
    { ...allowed, scope: "environment/nowhere" },
  ];
  const singles = await Promise.all(checks.map((check) => client.check(check)));
  expect(await client.batchCheck(checks)).toEqual(singles);
});

test("none, one and 1,000 questions are answered", async () => {
  expect(await client.batchCheck([])).toEqual([]);
  expect(inShort(await client.batchCheck([allowed]))).toEqual(["Allowed"]);
  const many = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? allowed : denied));
  const results = inShort(await client.batchCheck(many));
  expect(results).toEqual(many.map((check) => (check === allowed ? "Allowed" : "ExplicitDeny")));
});

test.each([1001, 100_000])("%i questions are refused", async (count) => {
  const ending = await rawCall(fixture.addresses[0], path, Buffer.alloc(2 * count, Buffer.from([0x0a, 0])));
  expect(ending.code).toBe("INVALID_ARGUMENT");
  expect(ending.info?.metadata).toEqual({ code: "SG3001", field: "checks" });
});

test("a check that can not be decoded harms no other", async () => {
  const good = encodeCheck(allowed);
  const entry = (bytes: Buffer) => Buffer.concat([Buffer.from([0x0a, bytes.length]), bytes]);
  const batch = Buffer.concat([entry(good), entry(Buffer.from([0x0a, 9, 1])), entry(good)]);
  const { bytes } = await rawCall(fixture.addresses[0], path, batch);
  const { results } = BatchCheckResponse.decode(bytes);
  expect(results.map((item) => item.result)).toEqual(["response", "error", "response"]);
  expect(results[1]?.error).toMatchObject({ status: 3, reason: "InvalidRequest" });
});

test("garbage is refused", async () => {
  const ending = await rawCall(fixture.addresses[0], path, Buffer.from([0x0a, 200]));
  expect(ending.code).toBe("INVALID_ARGUMENT");
});

test("all is decided by one revision, also when some had to wait", async () => {
  const waiting: Check = { ...allowed, minPosition: ["Organization:6"] };
  const never: Check = { ...allowed, minPosition: ["Organization:9999"] };
  const answers = client.batchCheck([allowed, waiting, never, malformed, waiting]);
  await eventually(() => fixture.snapshots.waiting).toBe(2);
  const next = policyOf(
    shop.filter(({ metadata }) => metadata.name !== "ann-views"),
    { Organization: "6" },
  );
  use(fixture, next);
  expect(fixture.snapshots.waiting).toBe(1);
  await fixture.clock.advance(60_000);
  const results = await answers;
  expect(inShort(results)).toEqual([
    "NoGrant",
    "NoGrant",
    "PositionNotReachedError",
    "InvalidRequestError",
    "NoGrant",
  ]);
  expect((results[0] as Decision).revision).toBe(next.revision);
});

test("a large batch lets other work in between", async () => {
  const clock = createSystemClock();
  const snapshots = new Snapshots({ domains: [DOMAIN], clock });
  snapshots.swap(policyOf(shop), clock.wallTime());
  // Each look at the clock takes a millisecond, so the batch takes long however fast the machine is.
  let time = 0;
  const door = batchCheckDoor(snapshots, new TokenVerifier(silent), { ...clock, now: () => time++ });
  const checks = Array.from({ length: 1000 }, () => encodeCheck(allowed));
  const batch = BatchCheckRequest.encode({ checks: checks.map(() => allowed) }).finish();
  let turns = 0;
  let done = false;
  const answer = Promise.resolve(
    door.handle(batch, { deadline: Infinity, signal: new AbortController().signal }),
  );
  const finished = answer.finally(() => {
    done = true;
  });
  for (; !done; turns++) await setImmediate();
  expect(BatchCheckResponse.decode(await answer).results).toHaveLength(1000);
  expect(turns).toBeGreaterThan(10);
  await finished;
});
