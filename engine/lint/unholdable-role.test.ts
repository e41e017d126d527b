import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build, role } from "../../test/worlds/build.ts";
import { unholdableRole } from "./unholdable-role.ts";

const payer = role("payer", {});
const approver = role("approver", {});
const both = role("both", { includes: ["payer", "approver"] });
const duty = (more: object) =>
  build("AccessConstraint", "two-people", { separationOfDuty: { roles: ["payer", "approver"], ...more } });

it("warns of a role that includes what one subject may not have together", () => {
  expect(findingsOf(unholdableRole, payer, approver, both, duty({}))).toEqual([
    'AccessRole/both spec.includes: the role carries payer, approver, of which AccessConstraint "two-people" allows 1, so every grant of it is void',
  ]);
  expect(findingsOf(unholdableRole, payer, approver, both, duty({ mode: "Dynamic" }))).toEqual([
    'AccessRole/both spec.includes: the role carries payer, approver, of which AccessConstraint "two-people" allows 1, so it works only with chosen active roles',
  ]);
});

it("is content with roles that carry no more than the constraint allows, and with exclusive sets", () => {
  const exclusive = build("AccessConstraint", "one", { exclusive: { roles: ["payer", "approver"] } });
  expect(findingsOf(unholdableRole, payer, approver, both, duty({ atMost: 2 }), exclusive)).toEqual([]);
});
