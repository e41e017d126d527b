import { expect, it } from "vitest";
import { worldOf } from "../../test/support/objects.ts";
import { build, role } from "../../test/worlds/build.ts";
import { unlistedChanges } from "./unlisted-changes.ts";

const policy = (claim: string) =>
  build("TokenPolicy", "connect", {
    issuer: "https://issuer.example",
    audiences: ["shop"],
    keys: { jwks: '{"keys":[]}' },
    narrowing: { claim, selectors: [{ pattern: "integration:*", attribute: "integration" }] },
  });
const giver = role("admin", { grants: [{ roles: ["viewer"], levels: ["Organization"] }] });
const minimum = build("AccessConstraint", "owners", {
  minHolders: { role: "owner", level: "Organization", count: 1 },
});
const domain = build("AccessDomain", "default", { staleness: { maxSeconds: 60 } });
const changes = (...worlds: Parameters<typeof unlistedChanges>) =>
  [...unlistedChanges(...worlds)].map(({ kind, name, mayWiden }) => `${kind}/${name} ${mayWiden}`);

it("tells of token policies, of who may give roles, of minimums and of bounds", () => {
  expect(changes(worldOf(), worldOf(policy("p"), giver, minimum, domain))).toEqual([
    "TokenPolicy/connect true",
    "AccessRole/admin true",
    "AccessConstraint/owners false",
    "AccessDomain/default false",
  ]);
  expect(changes(worldOf(policy("p")), worldOf(policy("other")))).toEqual(["TokenPolicy/connect true"]);
});

it("knows that what is taken away widens nothing", () => {
  expect(changes(worldOf(policy("p"), giver), worldOf(role("admin", {})))).toEqual([
    "TokenPolicy/connect false",
    "AccessRole/admin false",
  ]);
});

it("says nothing where all is the same, or said in another order", () => {
  const other = build("AccessDomain", "default", {
    staleness: { maxSeconds: 60 },
    guard: undefined as never,
  });
  expect(
    changes(worldOf(policy("p"), giver, domain), worldOf(policy("p"), giver, other, role("x", {}))),
  ).toEqual([]);
});
