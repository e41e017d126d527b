import { expect, it } from "vitest";
import { worldOf } from "../../test/support/objects.ts";
import { build, role } from "../../test/worlds/build.ts";
import type { World } from "../model/world.ts";
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
const now = Date.parse("2026-03-01T12:00:00Z");
const changes = (before: World, after: World) =>
  [...unlistedChanges(before, after, now)].map(({ kind, name, mayWiden }) => `${kind}/${name} ${mayWiden}`);

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

it("tells of roles that may be held together, which nobody may hold so far", () => {
  const constraint = (...roles: string[]) =>
    build("AccessConstraint", "duties", { separationOfDuty: { roles } });
  const two = worldOf(constraint("pay", "book"));
  expect(changes(worldOf(), two)).toEqual(["AccessConstraint/duties false"]);
  expect(changes(two, worldOf())).toEqual(["AccessConstraint/duties true"]);
  expect(changes(two, worldOf(constraint("pay", "audit")))).toEqual(["AccessConstraint/duties true"]);
  expect(changes(two, worldOf(constraint("pay", "book")))).toEqual([]);
});

it("tells of what begins or ends at another time than that of the comparison", () => {
  const held = (times: { notBefore?: string; expiresAt?: string }, name = "ada") =>
    worldOf(
      build("AccessRoleBinding", "one", {
        role: "owner",
        subjects: [{ kind: "User", name }],
        scope: { kind: "Platform" },
        ...times,
      }),
    );
  const [past, future] = ["2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"];
  expect(changes(worldOf(), held({ notBefore: future }))).toEqual(["AccessRoleBinding/one true"]);
  expect(changes(held({ notBefore: future }), held({ notBefore: future }, "eve"))).toEqual([
    "AccessRoleBinding/one true",
  ]);
  expect(changes(held({ notBefore: future }), worldOf())).toEqual([]);
  expect(changes(worldOf(), held({ notBefore: past, expiresAt: future }))).toEqual([]);
  expect(changes(held({ expiresAt: future }), held({}))).toEqual(["AccessRoleBinding/one true"]);
  expect(changes(held({}), held({ expiresAt: future }))).toEqual(["AccessRoleBinding/one false"]);
  const member = (expiresAt?: string) =>
    worldOf(
      build("Membership", "m", {
        organization: "acme",
        subject: { kind: "User", name: "ada" },
        ...(expiresAt && { expiresAt }),
      }),
    );
  expect(changes(member(past), member(future))).toEqual(["Membership/m true"]);
});
