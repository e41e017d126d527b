import fc, { type Arbitrary } from "fast-check";
import type { SidegateObject, SubjectReference } from "../../engine/model/objects.generated.ts";
import { build, EVERYWHERE, marked, scopeReference, subjectReference } from "./build.ts";
import { groups, roles, types } from "./names.ts";
import { mostly, seldom, weighted } from "./often.ts";
import type { WorldObjects } from "./world.ts";

const organizationName = fc.constantFrom("a", "b");
const members: readonly SubjectReference[] = [
  "User:ann",
  "User:bob",
  "Group:idp",
  ...groups.map((name) => `AccessGroup:${name}`),
].map(subjectReference);

const catalog = build("PermissionCatalog", "core", {
  resources: Object.entries(types).map(([name, { level, verbs }]) => ({
    name,
    level,
    verbs: Object.keys(verbs).map((verb) => ({ name: verb })),
  })),
});

/** Everything, allowed or denied without further ado, so that only the way to a rule decides whether it counts. */
function role(name: string): Arbitrary<SidegateObject> {
  return fc
    .record({
      effect: mostly(weighted<"Allow" | "Deny">([8, "Allow"], [1, "Deny"]), 3),
      includes: weighted([1, []], [2, fc.subarray([...roles], { maxLength: 2 })]),
      organization: seldom(organizationName, 2),
    })
    .map(({ effect, includes, organization }) =>
      build("AccessRole", name, {
        assignableAt: EVERYWHERE,
        rules: effect === undefined ? [] : [{ effect, resources: ["*"], verbs: ["*"] }],
        includes,
        ...(organization === undefined ? {} : { organization }),
      }),
    );
}

function group(name: string): Arbitrary<SidegateObject> {
  return fc
    .tuple(fc.subarray([...members], { minLength: 1, maxLength: 3 }), seldom(organizationName, 2))
    .map(([found, organization]) =>
      build("AccessGroup", name, { members: found, ...(organization === undefined ? {} : { organization }) }),
    );
}

function binding(name: string): Arbitrary<SidegateObject> {
  return fc
    .record({
      role: fc.constantFrom(...roles),
      subjects: fc.subarray([...members], { minLength: 1, maxLength: 2 }),
      scope: fc.constantFrom("environment/e", "organization/a", "platform").map(scopeReference),
    })
    .map((spec) => build("AccessRoleBinding", name, spec));
}

function membership(name: string): Arbitrary<SidegateObject> {
  return fc
    .tuple(organizationName, fc.constantFrom("ann", "bob"))
    .map(([organization, user]) =>
      build("Membership", name, { organization, subject: { kind: "User", name: user } }),
    );
}

/**
 * Worlds in which nothing is missing but what a subject may do hangs on a tangle of roles that include one another, groups
 * that hold one another, and the organizations that both belong to. Organization b is mostly gone.
 */
export const tangledWorld: Arbitrary<WorldObjects> = fc
  .tuple(
    mostly(fc.constant(build("AccessDomain", "default", { membership: "Optional" })), 2),
    fc.constant(catalog),
    fc.constant(build("Organization", "a", {})),
    seldom(fc.constant(build("Organization", "b", {})), 3),
    fc.constant(build("Environment", "e", { organization: "a" })),
    ...["m1", "m2"].map((name) => mostly(membership(name), 3)),
    ...groups.map((name) => mostly(group(name), 5)),
    ...roles.map((name) => mostly(weighted([6, role(name)], [1, role(name).map(marked)]), 8)),
    ...["b1", "b2", "b3"].map((name) => mostly(binding(name), 5)),
  )
  .map((objects) => objects.filter((object) => object !== undefined));
