import fc, { type Arbitrary } from "fast-check";
import type { AccessRole, AccessRoleGrant, AccessRoleRule } from "../../engine/model/objects.generated.ts";
import { build, EVERYWHERE } from "./build.ts";
import { condition } from "./conditions.ts";
import { GHOST, roles, types, verbs } from "./names.ts";
import { compact, seldom, weighted } from "./often.ts";
import { organizationName } from "./scopes.ts";

const typeName = weighted(
  [12, fc.constantFrom(...Object.keys(types))],
  [1, fc.constantFrom("membership", GHOST)],
);

/** Names, prefixes, and stars where they mean nothing. */
const names = fc.subarray(["x", "x*", "*", "y", "x*y", "y**"], { minLength: 0, maxLength: 3 });

const rule: Arbitrary<AccessRoleRule> = fc
  .record({
    effect: weighted<"Allow" | "Deny" | undefined>([6, undefined], [6, "Allow"], [1, "Deny"]),
    resources: weighted<string[]>([6, ["*"]], [6, fc.uniqueArray(typeName, { minLength: 1, maxLength: 2 })]),
    verbs: weighted<string[]>(
      [5, ["*"]],
      [6, fc.uniqueArray(fc.constantFrom(...verbs), { minLength: 1, maxLength: 2 })],
      [1, fc.uniqueArray(fc.constantFrom("create", "more", "nothing"), { minLength: 1, maxLength: 2 })],
    ),
    names: seldom(names, 5),
    when: seldom(condition, 8),
  })
  .map(compact);

/** Roles mostly include later ones, so that much is included and yet few roles reach a cycle. */
function includes(name: string): Arbitrary<string[]> {
  const later: readonly string[] = roles.filter((other) => other > name);
  return weighted<string[]>(
    [6, []],
    [6, fc.subarray([...later], { maxLength: Math.min(2, later.length) })],
    [2, fc.uniqueArray(fc.constantFrom(...roles), { minLength: 1, maxLength: 2 })],
    [1, [GHOST]],
  );
}

/** What holders of a role may give and take. */
const grants: Arbitrary<AccessRoleGrant[]> = fc.array(
  fc
    .record({
      roles: fc.subarray<string>([...roles, GHOST], { minLength: 1, maxLength: 3 }),
      levels: weighted([4, EVERYWHERE], [1, fc.subarray([...EVERYWHERE], { minLength: 1 })]),
      verbs: seldom(fc.subarray(["Give" as const, "Take" as const], { minLength: 1 }), 2),
    })
    .map(compact),
  { minLength: 1, maxLength: 2 },
);

export function role(name: string): Arbitrary<AccessRole> {
  return fc
    .record({
      assignableAt: weighted([10, EVERYWHERE], [3, fc.subarray([...EVERYWHERE], { minLength: 1 })]),
      rules: fc.array(rule, { maxLength: 3 }),
      includes: includes(name),
      organization: seldom(organizationName, 6),
      grants: seldom(grants, 3),
    })
    .map((spec) => build("AccessRole", name, compact(spec)));
}
