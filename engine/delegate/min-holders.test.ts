import { describe, expect, test } from "vitest";
import { binding, build, marked, role } from "../../test/worlds/build.ts";
import type { AccessRoleBinding, SidegateObject } from "../model/objects.generated.ts";
import { World } from "../model/world.ts";
import { brokenMinimums, findShortages } from "./min-holders.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const later = "2026-06-01T00:00:00Z";
const keep = build("AccessConstraint", "keep", {
  minHolders: { role: "owner", level: "Organization", count: 1 },
});
const member = (user: string, spec: object = {}) =>
  build("Membership", `acme-${user}`, {
    organization: "acme",
    subject: { kind: "User", name: user },
    ...spec,
  });
const owns = (user: string, spec: Partial<AccessRoleBinding["spec"]> = {}) =>
  binding(`${user}-owns`, "owner", `User:${user}`, "organization/acme", spec);
const stage = [role("owner", {}), build("Organization", "acme", {}), keep];

function worldOf(...objects: readonly SidegateObject[]): World {
  const world = new World("shop");
  for (const object of [...stage, ...objects]) world.put(object);
  return world;
}

function lastOwnerLeft(world: World, before: SidegateObject | undefined, after?: SidegateObject): boolean {
  return brokenMinimums(world, { before, after }, NOW).length > 0;
}

describe("A scope loses its last holder", () => {
  const world = () => worldOf(member("ann"), owns("ann"));

  test.each<[string, SidegateObject, SidegateObject | undefined]>([
    ["by deletion of the binding", owns("ann"), undefined],
    [
      "by another subject, who is no member",
      owns("ann"),
      binding("ann-owns", "owner", "User:bob", "organization/acme"),
    ],
    ["by another role", owns("ann"), binding("ann-owns", "guest", "User:ann", "organization/acme")],
    ["by another scope", owns("ann"), binding("ann-owns", "owner", "User:ann", "platform")],
    ["by an end", owns("ann"), owns("ann", { expiresAt: later })],
    ["by a start to come", owns("ann"), owns("ann", { notBefore: later })],
    ["by a condition", owns("ann"), owns("ann", { when: "true" })],
    [
      "by a group in place of the user",
      owns("ann"),
      binding("ann-owns", "owner", "Group:ann", "organization/acme"),
    ],
    ["by deletion of the membership", member("ann"), undefined],
    ["by an end of the membership", member("ann"), member("ann", { expiresAt: later })],
  ])("%s", (_name, before, after) => {
    expect(lastOwnerLeft(world(), before, after)).toBe(true);
  });

  test("by another membership, which ends and counts instead", () => {
    const subject = { kind: "User", name: "ann" } as const;
    const first = build("Membership", "aaa", { organization: "acme", subject, expiresAt: later });
    expect(lastOwnerLeft(world(), undefined, first)).toBe(true);
  });

  test("and is told how many are left", () => {
    expect(brokenMinimums(world(), { before: owns("ann"), after: undefined }, NOW)).toEqual([
      { constraint: "keep", role: "owner", scope: "organization/acme", holders: 0, count: 1 },
    ]);
  });
});

describe("A scope keeps enough holders", () => {
  test("when another one is left", () => {
    const world = worldOf(member("ann"), member("bob"), owns("ann"), owns("bob"));
    expect(lastOwnerLeft(world, owns("ann"))).toBe(false);
    expect(lastOwnerLeft(world, member("ann"))).toBe(false);
  });

  test("when the write names another one", () => {
    const world = worldOf(member("ann"), member("bob"), owns("ann"));
    const handed = binding("ann-owns", "owner", "User:bob", "organization/acme");
    expect(lastOwnerLeft(world, owns("ann"), handed)).toBe(false);
  });

  test("when the start has come", () => {
    const started = owns("ann", { notBefore: "2025-01-01T00:00:00Z" });
    expect(lastOwnerLeft(worldOf(member("ann"), owns("ann")), owns("ann"), started)).toBe(false);
  });

  test("when the write takes nothing away, though it has too few", () => {
    const world = worldOf(owns("ann"));
    expect(lastOwnerLeft(world, owns("ann"))).toBe(false);
    expect(lastOwnerLeft(world, undefined, owns("bob"))).toBe(false);
  });

  test("when the scope is being deleted, or goes with the organization", () => {
    const going = worldOf(member("ann"), owns("ann"), marked(build("Organization", "acme", {})));
    expect(lastOwnerLeft(going, owns("ann"))).toBe(false);
  });

  test("where nobody has to be a member", () => {
    const optional = build("AccessDomain", "default", { membership: "Optional" });
    expect(lastOwnerLeft(worldOf(optional, owns("ann"), owns("bob")), owns("ann"))).toBe(false);
    const required = build("AccessDomain", "default", { membership: "Required" });
    expect(lastOwnerLeft(worldOf(optional, owns("ann")), optional, required)).toBe(true);
  });

  test("at Platform, which asks for no membership", () => {
    const root = build("AccessConstraint", "root", {
      minHolders: { role: "owner", level: "Platform", count: 2 },
    });
    const rules = binding("rules", "owner", ["User:ann", "User:bob"], "platform");
    const alone = binding("rules", "owner", ["User:ann"], "platform");
    expect(lastOwnerLeft(worldOf(root, rules), rules, rules)).toBe(false);
    expect(lastOwnerLeft(worldOf(root, rules), rules, alone)).toBe(true);
  });
});

test("Scopes that have too few are found, those of other levels and those that do not exist left out", () => {
  const world = worldOf(
    member("ann"),
    owns("ann"),
    build("Organization", "empty", {}),
    marked(build("Organization", "gone", {})),
  );
  expect(findShortages(world, keep, NOW)).toEqual([
    { constraint: "keep", role: "owner", scope: "organization/empty", holders: 0, count: 1 },
  ]);
  expect(findShortages(world, build("AccessConstraint", "x", {}), NOW)).toEqual([]);
  const environments = build("AccessConstraint", "environments", {
    minHolders: { role: "owner", level: "Environment", count: 1 },
  });
  world.put(build("Environment", "e", { workspace: "missing" }));
  world.put(build("Environment", "f", { organization: "acme" }));
  expect(findShortages(world, environments, NOW).map(({ scope }) => scope)).toEqual(["environment/f"]);
});
