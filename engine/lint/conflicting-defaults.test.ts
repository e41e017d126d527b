import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build, role } from "../../test/worlds/build.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { conflictingDefaults } from "./conflicting-defaults.ts";

const domain = build("AccessDomain", "default", {
  defaultRoles: [{ role: "member" }, { role: "engineer", environmentTypes: ["staging"] }],
});
const check = (...constraints: SidegateObject[]) =>
  findingsOf(
    conflictingDefaults,
    domain,
    role("member", {}),
    role("engineer", { includes: ["support"] }),
    role("support", {}),
    ...constraints,
  );

it("warns of defaults that an exclusive set or a separation of duty does not allow together", () => {
  const exclusive = build("AccessConstraint", "one", { exclusive: { roles: ["member", "engineer"] } });
  expect(check(exclusive)).toEqual([
    'AccessDomain/default spec.defaultRoles[1]: a new member has "member" in the organization and "engineer" here, and AccessConstraint "one" does not allow member, engineer together',
  ]);
  const duty = build("AccessConstraint", "two", { separationOfDuty: { roles: ["member", "support"] } });
  expect(check(duty)).toHaveLength(1);
});

it("is content with sets that hold one of them, name roles that are only included, or are dynamic", () => {
  const found = check(
    build("AccessConstraint", "a", { exclusive: { roles: ["member", "support"] } }),
    build("AccessConstraint", "b", { separationOfDuty: { roles: ["member", "engineer"], mode: "Dynamic" } }),
    build("AccessConstraint", "c", { separationOfDuty: { roles: ["engineer", "other"] } }),
    build("AccessConstraint", "d", { minHolders: { role: "member", level: "Organization", count: 1 } }),
  );
  expect(found).toEqual([]);
});
