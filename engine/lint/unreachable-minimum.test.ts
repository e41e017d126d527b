import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build, role } from "../../test/worlds/build.ts";
import { unreachableMinimum } from "./unreachable-minimum.ts";

const owner = role("owner", { assignableAt: ["Organization"] });
const minimum = (name: string, level: "Organization" | "Environment") =>
  build("AccessConstraint", name, { minHolders: { role: "owner", level, count: 1 } });

it("warns of a minimum at a level at which the role may not be assigned", () => {
  expect(findingsOf(unreachableMinimum, owner, minimum("c", "Environment"))).toEqual([
    'AccessConstraint/c spec.minHolders.level: AccessRole "owner" may be assigned at Organization, not at Environment',
  ]);
});

it("is content with the level of the role; a missing role is told otherwise", () => {
  expect(findingsOf(unreachableMinimum, owner, minimum("c", "Organization"))).toEqual([]);
  expect(findingsOf(unreachableMinimum, minimum("c", "Organization"))).toEqual([]);
});
