import { describe, expect, it } from "vitest";
import type { AccessConstraint, SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build, marked, role } from "../worlds/build.ts";
import { acme, NOW, question } from "./acme.ts";
import { createOracle } from "./oracle.ts";

const roles = [
  build("PermissionCatalog", "duties", {
    resources: [{ name: "duty", level: "Environment", verbs: [{ name: "pay" }, { name: "buy" }] }],
  }),
  role("payer", { rules: [{ resources: ["duty"], verbs: ["pay"] }] }),
  role("buyer", { rules: [{ resources: ["duty"], verbs: ["buy"] }] }),
  role("boss", { includes: ["payer", "buyer"] }),
];
const separation = (spec: Partial<AccessConstraint["spec"]["separationOfDuty"]> = {}) =>
  build("AccessConstraint", "c", { separationOfDuty: { roles: ["payer", "buyer"], ...spec } });
const exclusive = (per: "Scope" | "Organization" = "Scope") =>
  build("AccessConstraint", "c", { exclusive: { roles: ["payer", "buyer"], per } });
const give = (name: string, to: string, scope: string) => binding(`${name}-${to}-${scope}`, name, to, scope);
const payer = (scope: string) => give("payer", "User:ann", scope);
const buyer = (scope: string) => give("buyer", "User:ann", scope);
const asDefault = (name: string, kind: string, scope: string) => ({
  ...give(name, "User:ann", `${kind}/${scope}`),
  metadata: {
    name: `default-ann-${kind}-${scope}`,
    ownerReferences: [{ apiVersion: "sidegate.dev/v1alpha1", kind: "Membership", name: "ann", uid: "1" }],
  },
});

/** What ann gets when she asks to pay and to buy in production. */
function ask(objects: readonly SidegateObject[], activeRoles: readonly string[] = []): string {
  const oracle = createOracle([...acme, ...roles, ...objects]);
  return ["duty:pay", "duty:buy"]
    .map((permission) => oracle.decide({ ...question, permission, activeRoles }, NOW).outcome)
    .join();
}

type Row = [name: string, objects: readonly SidegateObject[], wanted: string];

const BOTH = "Allowed,Allowed";
const NEITHER = "NoGrant,NoGrant";
const PAYING = "Allowed,NoGrant";
const BUYING = "NoGrant,Allowed";

describe("a static separation of duty", () => {
  it.each<Row>([
    ["leaves one", [separation(), payer("environment/prod")], PAYING],
    ["voids both", [separation(), payer("environment/prod"), buyer("environment/prod")], NEITHER],
    ["counts the chain", [separation(), payer("organization/acme"), buyer("environment/prod")], NEITHER],
    ["counts included roles", [separation(), give("boss", "User:ann", "environment/prod")], NEITHER],
    [
      "counts groups",
      [separation(), payer("environment/prod"), give("buyer", "Group:system:authenticated", "platform")],
      BUYING,
    ],
    [
      "does not count other scopes",
      [separation(), payer("environment/prod"), buyer("environment/test")],
      PAYING,
    ],
    [
      "per organization counts other scopes",
      [separation({ per: "Organization" }), payer("environment/prod"), buyer("environment/test")],
      NEITHER,
    ],
    [
      "leaves the grant at Platform to a conflict below",
      [separation(), payer("platform"), buyer("environment/prod")],
      PAYING,
    ],
    [
      "voids grants at Platform by one another",
      [separation(), payer("platform"), buyer("platform")],
      NEITHER,
    ],
    [
      "allows as many as it says",
      [separation({ roles: ["payer", "buyer", "boss"], atMost: 2 }), payer("platform"), buyer("platform")],
      BOTH,
    ],
    ["that is marked counts for nothing", [marked(separation()), payer("platform"), buyer("platform")], BOTH],
    [
      "makes a default yield",
      [separation(), payer("platform"), asDefault("buyer", "organization", "acme")],
      PAYING,
    ],
    [
      "decides between defaults",
      [separation(), asDefault("payer", "environment", "prod"), asDefault("buyer", "organization", "acme")],
      NEITHER,
    ],
    [
      "makes a default yield to a binding that is over",
      [
        separation(),
        binding("over", "payer", "User:ann", "organization/acme", { expiresAt: "2024-01-01T00:00:00Z" }),
        asDefault("buyer", "environment", "prod"),
      ],
      NEITHER,
    ],
    [
      "leaves a default that has a binding below which is over",
      [
        separation(),
        binding("over", "payer", "User:ann", "environment/prod", { expiresAt: "2024-01-01T00:00:00Z" }),
        asDefault("buyer", "organization", "acme"),
      ],
      BUYING,
    ],
  ])("%s", (_, objects, wanted) => {
    expect(ask(objects)).toBe(wanted);
  });
});

describe("an exclusive set", () => {
  const at = (...scopes: string[]) => [exclusive(), payer(scopes[0]!), buyer(scopes[1]!)];
  it.each<Row>([
    ["keeps the first role", at("environment/prod", "organization/acme"), PAYING],
    ["puts roles at Platform before all others", at("environment/prod", "platform"), BUYING],
    ["orders roles at Platform too", at("platform", "platform"), PAYING],
    ["does not count other scopes", at("environment/test", "environment/prod"), BUYING],
    [
      "does not count included roles",
      [exclusive(), give("boss", "User:ann", "platform"), payer("platform")],
      BOTH,
    ],
    [
      "per organization counts other scopes",
      [exclusive("Organization"), payer("environment/test"), buyer("environment/prod")],
      NEITHER,
    ],
    [
      "voids a default whatever its place",
      [exclusive(), asDefault("payer", "environment", "prod"), buyer("environment/prod")],
      BUYING,
    ],
    [
      "orders defaults",
      [exclusive(), asDefault("payer", "environment", "prod"), asDefault("buyer", "organization", "acme")],
      PAYING,
    ],
  ])("%s", (_, objects, wanted) => {
    expect(ask(objects)).toBe(wanted);
  });
});

describe("a dynamic separation of duty", () => {
  const dynamic = separation({ mode: "Dynamic" });
  const denied = "SeparationOfDuty,SeparationOfDuty";
  it.each<[name: string, objects: readonly SidegateObject[], active: string[], wanted: string]>([
    ["denies what uses both", [payer("platform"), buyer("platform")], [], denied],
    ["lets one choose", [payer("platform"), buyer("platform")], ["payer"], PAYING],
    ["denies who names both", [payer("environment/prod"), buyer("platform")], ["payer", "buyer"], denied],
    ["counts roles that an active one includes", [payer("platform"), buyer("platform")], ["boss"], denied],
    [
      "does not count what is held below beside Platform",
      [payer("environment/prod"), buyer("platform")],
      [],
      BOTH,
    ],
    ["counts what is held below alone", [payer("environment/prod"), buyer("organization/acme")], [], denied],
  ])("%s", (_, objects, active, wanted) => {
    expect(ask([dynamic, ...objects], active)).toBe(wanted);
  });
});
