import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidRequestError, SidegateClient, UnavailableError } from "../../client/index.ts";
import { allowed, type Fixture, policyOf, shop, startFixture, use } from "./sidecar-fixture.ts";

let fixture: Fixture;
let client: SidegateClient;

beforeEach(async () => {
  fixture = await startFixture(["shop", "forum"]);
  client = new SidegateClient({ address: fixture.addresses[0] });
});

afterEach(async () => {
  client.close();
  await fixture.stop();
});

test("each domain is decided by its own policy", async () => {
  use(fixture, policyOf(shop));
  use(fixture, policyOf([], {}, "forum"));
  expect((await client.check({ ...allowed, domain: "shop" })).allowed).toBe(true);
  expect((await client.check({ ...allowed, domain: "forum" })).reason).toBe("UnknownScope");
});

test("where several are served, a check must name one", async () => {
  use(fixture, policyOf(shop));
  await expect(client.check(allowed)).rejects.toThrow(InvalidRequestError);
  await expect(client.check(allowed)).rejects.toThrow(
    /domain is missing; this sidecar serves "shop", "forum"/,
  );
});

test("a client may have a domain of its own", async () => {
  use(fixture, policyOf(shop));
  const own = new SidegateClient({ address: fixture.addresses[0], domain: "shop" });
  expect((await own.check(allowed)).allowed).toBe(true);
  own.close();
});

test("without a policy, and for a domain that is not served, checks end as Unavailable", async () => {
  await expect(client.check({ ...allowed, domain: "shop" })).rejects.toThrow(
    /no policy of domain "shop" yet/,
  );
  await expect(client.check({ ...allowed, domain: "other" })).rejects.toThrow(/"other" is not served here/);
  await expect(client.check({ ...allowed, domain: "other" })).rejects.toThrow(UnavailableError);
});

test("a malformed check is that before all else", async () => {
  for (const domain of ["shop", "other"]) {
    await expect(client.check({ ...allowed, domain, scope: "" })).rejects.toThrow(InvalidRequestError);
  }
});
