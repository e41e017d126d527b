import { afterEach, beforeEach, expect, test } from "vitest";
import { type Check, PositionNotReachedError, SidegateClient, UnavailableError } from "../../client/index.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { ManualClock } from "../support/manual-clock.ts";
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

const at = (version: string): Check => ({ ...allowed, minPosition: [`AccessRoleBinding:${version}`] });
let fixture: Fixture;
let client: SidegateClient;

beforeEach(async () => {
  // Deadlines come from the real clock of grpc-js, so this one starts there.
  fixture = await startFixture(undefined, new ManualClock(Date.now()));
  client = new SidegateClient({ address: fixture.addresses[0], deadlineMs: 20_000 });
});

afterEach(async () => {
  client.close();
  await fixture.stop();
});

const reach = (version: string, objects = shop) =>
  use(fixture, policyOf(objects, { AccessRoleBinding: version }));

test("a check is answered at once by a policy that is there already", async () => {
  reach("10");
  expect((await client.check(at("9"))).allowed).toBe(true);
  expect((await client.check(at("10"))).allowed).toBe(true);
});

test("a check waits until the policy has read as far, and is decided by it", async () => {
  reach("9");
  const answer = client.check(at("10"));
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  reach(
    "10",
    shop.filter(({ metadata }) => metadata.name !== "ann-views"),
  );
  expect(await answer).toMatchObject({ allowed: false, reason: "NoGrant" });
});

test("progress without new content is enough", async () => {
  reach("9");
  const answer = client.check(at("10"));
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  const { revision, epoch } = fixture.snapshots.get("shop")!;
  fixture.snapshots.renew("shop", revision, epoch, { AccessRoleBinding: "10" }, fixture.clock.wallTime());
  expect((await answer).allowed).toBe(true);
});

test("of several positions of a kind the highest counts, and all kinds must be reached", async () => {
  reach("10");
  const minPosition = ["AccessRoleBinding:9", "AccessRoleBinding:11", "Organization:1"];
  const answer = client.check({ ...allowed, minPosition });
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  reach("11");
  expect(fixture.snapshots.waiting).toBe(1);
  use(fixture, policyOf(shop, { AccessRoleBinding: "11", Organization: "1" }));
  expect((await answer).allowed).toBe(true);
});

test("a check that waits in vain ends before its deadline as PositionNotReached", async () => {
  reach("9");
  const answer = client.check(at("10"));
  const failure = expect(answer).rejects.toThrow(PositionNotReachedError);
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  await fixture.clock.advance(19_999);
  await failure;
});

test("a check without deadline waits for five seconds", async () => {
  reach("9");
  const ending = rawCall(fixture.addresses[0], sidegateService.check.path, encodeCheck(at("10")), Infinity);
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  await fixture.clock.advance(4_999);
  expect(fixture.snapshots.waiting).toBe(1);
  await fixture.clock.advance(1);
  expect(await ending).toMatchObject({
    code: "DEADLINE_EXCEEDED",
    info: { reason: "PositionNotReached", metadata: { code: "SG3003" } },
  });
});

test("a caller that goes away waits no longer", async () => {
  reach("9");
  const gone = new AbortController();
  const answer = client.check(at("10"), { signal: gone.signal });
  const failure = expect(answer).rejects.toThrow(/abort/);
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  gone.abort();
  await failure;
  await eventually(() => fixture.snapshots.waiting).toBe(0);
});

test("no more than so many wait; the next ends as PositionNotReached at once", async () => {
  reach("9");
  const answers = Array.from({ length: 1100 }, () => client.check(at("10")).catch((error) => error));
  await eventually(() => fixture.snapshots.waiting).toBe(1000);
  const other = new SidegateClient({ address: fixture.addresses[1] });
  const others = Array.from({ length: 25 }, () => other.check(at("10")).catch((error) => error));
  expect(await Promise.race(others)).toBeInstanceOf(PositionNotReachedError);
  reach("10");
  for (const answer of await Promise.all(answers)) expect(answer.allowed).toBe(true);
  await Promise.all(others);
  other.close();
});

test("without a policy, and with one that is too old, nobody waits", async () => {
  await expect(client.check(at("10"))).rejects.toThrow(UnavailableError);
  reach("9");
  await fixture.clock.advance(300_000);
  expect(await client.check(at("10"))).toMatchObject({ allowed: false, reason: "Stale" });
});
