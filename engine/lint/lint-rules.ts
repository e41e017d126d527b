import { problemReasons } from "../diagnose/problem.ts";
import { conflictingDefaults } from "./conflicting-defaults.ts";
import { deadRule } from "./dead-rule.ts";
import { declaredGrantsOfMember } from "./declared-grants-of-member.ts";
import { denyInGrantableRole } from "./deny-in-grantable-role.ts";
import type { LintRule } from "./lint-rule.ts";
import { lowerLevelType } from "./lower-level-type.ts";
import { opposingConstraints } from "./opposing-constraints.ts";
import { platformGrantToMember } from "./platform-grant-to-member.ts";
import { revivedBinding } from "./revived-binding.ts";
import { tooFewHolders } from "./too-few-holders.ts";
import { uncheckedAttribute } from "./unchecked-attribute.ts";
import { unholdableRole } from "./unholdable-role.ts";
import { unknownLintRule } from "./unknown-lint-rule.ts";
import { unreachableMinimum } from "./unreachable-minimum.ts";
import { unusedPermission } from "./unused-permission.ts";
import { unusedRole } from "./unused-role.ts";
import { voidedGrant } from "./voided-grant.ts";
import { wildcardReachesBelow } from "./wildcard-reaches-below.ts";

/** All rules, in order of name. docs/reference/cli/lint.md is a table of them. */
export const lintRules: readonly LintRule[] = [
  conflictingDefaults,
  deadRule,
  declaredGrantsOfMember,
  denyInGrantableRole,
  lowerLevelType,
  opposingConstraints,
  platformGrantToMember,
  revivedBinding,
  tooFewHolders,
  uncheckedAttribute,
  unholdableRole,
  unknownLintRule(isRule),
  unreachableMinimum,
  unusedPermission,
  unusedRole,
  voidedGrant,
  wildcardReachesBelow,
];

function isRule(name: string): boolean {
  return Object.hasOwn(problemReasons, name) || lintRules.some((rule) => rule.name === name);
}
