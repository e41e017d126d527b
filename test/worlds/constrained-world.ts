import fc, { type Arbitrary } from "fast-check";
import type { AccessRoleBinding, SidegateObject } from "../../engine/model/objects.generated.ts";
import { defaultName } from "../oracle/default-name.ts";
import { build, EVERYWHERE, scopeReference, subjectReference } from "./build.ts";
import { constraint } from "./constraints.ts";
import { instant } from "./instants.ts";
import { roles, types } from "./names.ts";
import { compact, mostly, seldom, weighted } from "./often.ts";
import type { WorldObjects } from "./world.ts";

const catalog = build("PermissionCatalog", "core", {
  resources: Object.entries(types).map(([name, { level, verbs }]) => ({
    name,
    level,
    verbs: Object.keys(verbs).map((verb) => ({ name: verb })),
  })),
});

/** What each role allows, so that a decision tells which of them are left. */
const allowed: Record<(typeof roles)[number], { resources: string[]; verbs: string[] }> = {
  r1: { resources: ["doc", "bill", "job", "sys"], verbs: ["view"] },
  r2: { resources: ["doc", "bill", "job", "sys"], verbs: ["edit"] },
  r3: { resources: ["doc", "job"], verbs: ["own"] },
  r4: { resources: ["log"], verbs: ["view"] },
  r5: { resources: ["doc"], verbs: ["view"] },
};

function role(name: (typeof roles)[number]): Arbitrary<SidegateObject> {
  return fc
    .tuple(
      weighted<string[]>([3, []], [2, fc.subarray([...roles], { maxLength: 2 })]),
      seldom(fc.constant("b"), 12),
    )
    .map(([includes, organization]) =>
      build("AccessRole", name, {
        assignableAt: EVERYWHERE,
        rules: [allowed[name]],
        includes,
        ...compact({ organization }),
      }),
    );
}

const subject = fc
  .constantFrom("User:ann", "Group:idp", "AccessGroup:ops", "Group:system:authenticated", "User:bob")
  .map(subjectReference);
const scope = fc
  .constantFrom("environment/e", "organization/a", "platform", "environment/f", "workspace/w")
  .map(scopeReference);

const spec: Arbitrary<AccessRoleBinding["spec"]> = fc
  .record({
    role: fc.constantFrom(...roles),
    subjects: subject.map((found) => [found]),
    scope,
    notBefore: seldom(instant, 8),
    expiresAt: seldom(instant, 8),
  })
  .map(compact);

function binding(name: string): Arbitrary<SidegateObject> {
  return spec.map((fields) => build("AccessRoleBinding", name, fields));
}

/** A default of ann's Membership. */
const given: Arbitrary<SidegateObject> = fc
  .tuple(fc.constantFrom(...roles), fc.constantFrom("Environment/e", "Organization/a", "Environment/f"))
  .map(([roleName, place]) => {
    const [kind, name] = place.split("/") as ["Environment" | "Organization", string];
    const metadata = {
      name: defaultName("m1", kind, name),
      ownerReferences: [{ apiVersion: "sidegate.dev/v1alpha1", kind: "Membership", name: "m1", uid: "1" }],
    };
    const subjects = [{ kind: "User" as const, name: "ann" }];
    return build("AccessRoleBinding", metadata, { role: roleName, subjects, scope: { kind, name } });
  });

/** Worlds in which nothing is missing, but constraints take away much of what ann holds. */
export const constrainedWorld: Arbitrary<WorldObjects> = fc
  .tuple(
    mostly(fc.constant(build("AccessDomain", "default", { membership: "Optional" })), 2),
    fc.constant(catalog),
    fc.constant(build("Organization", "a", {})),
    seldom(fc.constant(build("Organization", "b", {})), 3),
    fc.constant(build("Workspace", "w", { organization: "a" })),
    fc.constant(build("Environment", "e", { organization: "a" })),
    fc.constant(build("Environment", "f", { workspace: "w" })),
    mostly(
      fc.constant(build("Membership", "m1", { organization: "a", subject: { kind: "User", name: "ann" } })),
      6,
    ),
    mostly(
      fc
        .subarray(["User:ann", "Group:idp"], { minLength: 1 })
        .map((members) => build("AccessGroup", "ops", { members: members.map(subjectReference) })),
      3,
    ),
    ...roles.map((name) => role(name)),
    ...["b1", "b2", "b3", "b4"].map((name) => mostly(binding(name), 5)),
    seldom(given, 2),
    seldom(given, 3),
    ...["n1", "n2"].map((name) => mostly(constraint(name), 4)),
  )
  .map((objects) => objects.filter((object) => object !== undefined))
  .map((objects) => [
    ...new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object])).values(),
  ]);
