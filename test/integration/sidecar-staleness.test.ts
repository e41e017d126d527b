import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidRequestError, SidegateClient, UnavailableError } from "../../client/index.ts";
import { build } from "../worlds/build.ts";
import { allowed, type Fixture, policyOf, shop, startFixture, use } from "./sidecar-fixture.ts";

let fixture: Fixture;
let client: SidegateClient;

beforeEach(async () => {
  fixture = await startFixture();
  client = new SidegateClient({ address: fixture.addresses[0] });
});

afterEach(async () => {
  client.close();
  await fixture.stop();
});

const domain = (then: "Deny" | "Error") =>
  build("AccessDomain", "default", { staleness: { maxSeconds: 60, then } });

test("a policy that is too old denies", async () => {
  use(fixture, policyOf([...shop, domain("Deny")]));
  await fixture.clock.advance(59_999);
  expect((await client.check(allowed)).allowed).toBe(true);
  await fixture.clock.advance(1);
  expect(await client.check(allowed)).toMatchObject({
    allowed: false,
    reason: "Stale",
    disclosure: "Forbidden",
    publicReason: "Stale",
  });
});

test("and still does not tell an invisible scope from one that there is not", async () => {
  use(fixture, policyOf([...shop, domain("Deny")]));
  await fixture.clock.advance(60_000);
  const bob = { kind: "User", name: "bob" } as const;
  const invisible = await client.check({ ...allowed, subject: bob });
  expect(invisible).toMatchObject({ reason: "Stale", disclosure: "NotFound" });
  expect(invisible).not.toHaveProperty("publicReason");
  expect(await client.check({ ...allowed, scope: "environment/nowhere" })).toEqual(invisible);
});

test("or ends in an error, where the domain wants that", async () => {
  use(fixture, policyOf([...shop, domain("Error")]));
  await fixture.clock.advance(60_000);
  await expect(client.check(allowed)).rejects.toThrow(UnavailableError);
  await expect(client.check(allowed)).rejects.toThrow(/last confirmed 60 s ago, more than 60 s/);
  await expect(client.check({ ...allowed, scope: "x" })).rejects.toThrow(InvalidRequestError);
  const [item] = await client.batchCheck([allowed]);
  expect(item).toBeInstanceOf(UnavailableError);
});

test("the word of the operator that it is current makes it fresh again", async () => {
  const policy = policyOf([...shop, domain("Deny")]);
  use(fixture, policy);
  await fixture.clock.advance(60_000);
  fixture.snapshots.renew("shop", policy.revision, policy.epoch, policy.position, fixture.clock.wallTime());
  expect((await client.check(allowed)).allowed).toBe(true);
});

test("a clock that went back counts as stale", async () => {
  use(fixture, policyOf([...shop, domain("Error")]));
  fixture.clock.setWall(fixture.clock.wallTime() - 3_600_000);
  await expect(client.check(allowed)).rejects.toThrow(/the clock went back/);
});
