import fc, { type Arbitrary } from "fast-check";
import type {
  AccessConstraint,
  AccessRoleGrant,
  SidegateObject,
  SubjectReference,
} from "../../engine/model/objects.generated.ts";
import { formatScope } from "../../engine/model/scope.ts";
import { type Aim, takeAim } from "./aim.ts";
import { anyWorld } from "./any-world.ts";
import { build, EVERYWHERE, subjectReference } from "./build.ts";
import { assertedGroups, GHOST, groups, roles } from "./names.ts";
import { compact, seldom, weighted } from "./often.ts";
import { scopeText } from "./scopes.ts";
import { principal } from "./subjects.ts";
import { type WorldObjects, world } from "./world.ts";

/** Worlds in which roles may be given and taken, with constraints that stand in the way. */

const someRoles = (minLength: number) => fc.subarray([...roles], { minLength });

const per = weighted<"Scope" | "Organization" | undefined>([2, undefined], [1, "Scope"], [2, "Organization"]);

const constraintSpec: Arbitrary<AccessConstraint["spec"]> = weighted<AccessConstraint["spec"]>(
  [
    3,
    fc
      .record({
        roles: someRoles(2),
        atMost: weighted<number | undefined>([4, undefined], [1, 1], [1, 2]),
        per,
        mode: weighted<"Static" | "Dynamic" | undefined>([6, undefined], [1, "Static"], [1, "Dynamic"]),
      })
      .map((separationOfDuty) => ({ separationOfDuty: compact(separationOfDuty) })),
  ],
  [
    3,
    fc
      .record({ roles: fc.shuffledSubarray([...roles, GHOST], { minLength: 2 }), per })
      .map((exclusive) => ({ exclusive: compact(exclusive) })),
  ],
  [
    2,
    fc
      .record({
        role: fc.constantFrom(...roles),
        level: fc.constantFrom(...EVERYWHERE),
        count: fc.constantFrom(1, 2),
      })
      .map((minHolders) => ({ minHolders })),
  ],
);

export function constraint(name: string): Arbitrary<AccessConstraint> {
  return constraintSpec.map((spec) => build("AccessConstraint", name, spec));
}

const grant: Arbitrary<AccessRoleGrant> = fc
  .record({
    roles: weighted<string[]>([5, [...roles]], [2, someRoles(1)], [1, [GHOST]]),
    levels: weighted([4, EVERYWHERE], [2, fc.subarray([...EVERYWHERE], { minLength: 1 })]),
    verbs: weighted<("Give" | "Take")[] | undefined>([6, undefined], [1, ["Give"]], [1, ["Take"]]),
  })
  .map(compact);

/** Grants entries for the roles of a world, and constraints. */
export function withDelegation(base: Arbitrary<WorldObjects>): Arbitrary<WorldObjects> {
  return fc
    .record({
      objects: base,
      grants: fc.tuple(...roles.map((name) => fc.tuple(fc.constant(name), seldom(grant, 2)))),
      constraints: fc.tuple(...["k1", "k2", "k3"].map((name) => seldom(constraint(name), 2))),
    })
    .map(({ objects, grants, constraints }) => [
      ...objects.map((object) => giving(object, new Map(grants))),
      ...constraints.filter((found) => found !== undefined),
    ]);
}

function giving(
  object: SidegateObject,
  grants: ReadonlyMap<string, AccessRoleGrant | undefined>,
): SidegateObject {
  const found = object.kind === "AccessRole" ? grants.get(object.metadata.name) : undefined;
  if (object.kind !== "AccessRole" || found === undefined) return object;
  return { ...object, spec: { ...object.spec, grants: [found] } };
}

export const delegationWorld: Arbitrary<WorldObjects> = withDelegation(fc.oneof(world, anyWorld));

/** What a question about giving or taking is made from. */
export interface DelegationSeed {
  /** Chooses the actor and the scope. */
  readonly aim: Aim;
  /** Chooses a binding, whose role, subject and scope are asked about; undefined: what stands here. */
  readonly held: number | undefined;
  readonly verb: "Give" | "Take";
  readonly role: string;
  readonly target: SubjectReference;
  readonly scope: string | undefined;
  readonly groups: readonly string[];
  readonly activeRoles: readonly string[];
}

const target: Arbitrary<SubjectReference> = weighted<SubjectReference>(
  [6, principal],
  [4, fc.constantFrom(...groups).map((name) => ({ kind: "AccessGroup", name }))],
  [2, fc.constantFrom(...assertedGroups).map((name) => ({ kind: "Group", name }))],
  [
    1,
    fc
      .constantFrom("Group:system:authenticated", "User:k8s:ann", `AccessGroup:${GHOST}`)
      .map(subjectReference),
  ],
);

const choice = fc.nat({ max: 59 });

export const delegationSeed: Arbitrary<DelegationSeed> = fc.record({
  aim: fc.record({
    binding: choice,
    subject: choice,
    scope: choice,
    type: choice,
    verb: choice,
    role: choice,
  }),
  held: weighted<number | undefined>([1, undefined], [1, choice]),
  verb: fc.constantFrom("Give", "Take"),
  role: weighted<string>([24, fc.constantFrom(...roles)], [1, GHOST]),
  target,
  scope: seldom(scopeText, 8),
  groups: weighted<string[]>([4, []], [1, fc.subarray([...assertedGroups], { minLength: 1 })]),
  activeRoles: weighted<string[]>([8, []], [2, fc.subarray([...roles], { minLength: 1, maxLength: 2 })]),
});

/** Puts a question together that has to do with the world. */
export function questionOf(seed: DelegationSeed, objects: WorldObjects) {
  const aimed = takeAim(objects, seed.aim);
  const bindings = objects.filter((object) => object.kind === "AccessRoleBinding");
  const held = seed.held === undefined ? undefined : bindings[seed.held % Math.max(1, bindings.length)]?.spec;
  const scope = held && formatScope(held.scope.kind, held.scope.name ?? "");
  return {
    actor: {
      ...whoAsks(aimed?.subject, seed.groups),
      permission: "membership:create",
      scope: seed.scope ?? scope ?? aimed?.scope ?? "platform",
      resourceName: "",
      activeRoles: seed.activeRoles,
    },
    verb: seed.verb,
    role: held?.role ?? seed.role,
    target: held?.subjects[seed.aim.subject % held.subjects.length] ?? seed.target,
  };
}

/** Names with a colon are reserved: to ask in them would only make the request malformed. */
function whoAsks(subject: SubjectReference | undefined, groups: readonly string[]) {
  const ann = { subjectKind: "User", subjectName: "ann", groups };
  if (subject === undefined || subject.name.includes(":")) return ann;
  if (subject.kind === "Group") return { ...ann, groups: [...new Set([...groups, subject.name])] };
  return { ...ann, subjectKind: subject.kind, subjectName: subject.name };
}
