import fc, { type Arbitrary } from "fast-check";
import type {
  AccessRole,
  AccessRoleBinding,
  AccessRoleRule,
  Kind,
  ObjectOf,
} from "../../engine/model/objects.generated.ts";
import { reachedRoles } from "../oracle/includes.ts";
import { binding, role } from "./build.ts";
import { constraint } from "./constraints.ts";
import { FAILING } from "./names.ts";
import type { WorldObjects } from "./world.ts";

/** A change of a world. What it changes hangs on the world; where there is nothing to change, it changes nothing. */
export type Change = (objects: WorldObjects) => WorldObjects;

const choice = fc.nat({ max: 59 });

const denyRule = fc.constantFrom<AccessRoleRule>(
  { effect: "Deny", resources: ["*"], verbs: ["*"] },
  { effect: "Deny", resources: ["doc", "bill"], verbs: ["view"] },
  { effect: "Deny", resources: ["*"], verbs: ["*"], names: ["x*"] },
  { effect: "Deny", resources: ["*"], verbs: ["*"], when: FAILING },
);

/** Adds a Deny rule: to a role, or by a binding of a role that holds nothing else. */
export const addDeny: Arbitrary<Change> = fc.oneof(
  fc
    .tuple(choice, denyRule)
    .map(([number, rule]) =>
      changeOne("AccessRole", number, (found) => withRules(found, (rules) => [...rules, rule])),
    ),
  fc
    .tuple(
      denyRule,
      fc.constantFrom("platform", "organization/a", "environment/e"),
      fc.constantFrom("User:ann", "Group:ops", "AccessGroup:ops", "Group:system:authenticated"),
    )
    .map(([rule, scope, subject]) => (objects: WorldObjects) => [
      ...objects,
      role("added", { rules: [rule] }),
      binding("added", "added", subject, scope),
    ]),
);

/** Adds a constraint. */
export const addConstraint: Arbitrary<Change> = constraint("added").map((added) => (objects) => [
  ...objects,
  added,
]);

/** Takes a grant without Deny rules away, or one of its subjects, or an Allow rule of a role. */
export const removeGrant: Arbitrary<Change> = fc.oneof(
  choice.map((number) => changeOne("AccessRoleBinding", number, () => undefined, hasNoDeny)),
  fc
    .tuple(choice, choice)
    .map(([number, index]) =>
      changeOne("AccessRoleBinding", number, (found) => withoutSubject(found, index), hasNoDeny),
    ),
  fc
    .tuple(choice, choice)
    .map(([number, index]) =>
      changeOne("AccessRole", number, (found) =>
        withRules(found, (rules) =>
          rules.filter((rule, at) => rule.effect === "Deny" || at !== index % rules.length),
        ),
      ),
    ),
);

/** Ways in which a condition fails: by what there is not, by its value, by being none. */
const failing = fc.constantFrom(FAILING, "workspace.none == 1", "subject.name", "1 / 0 == 1", "1 +", " ");

/** Puts a condition that can not be evaluated on a binding or a rule. */
export const failCondition: Arbitrary<Change> = fc.oneof(
  fc
    .tuple(choice, failing)
    .map(([number, when]) =>
      changeOne("AccessRoleBinding", number, (found) => ({ ...found, spec: { ...found.spec, when } })),
    ),
  fc
    .tuple(choice, choice, failing)
    .map(([number, index, when]) =>
      changeOne("AccessRole", number, (found) =>
        withRules(found, (rules) =>
          rules.map((rule, at) => (at === index % rules.length ? { ...rule, when } : rule)),
        ),
      ),
    ),
);

/** Replaces one object, or drops it where `change` gives none. */
function changeOne<K extends Kind>(
  kind: K,
  number: number,
  change: (object: ObjectOf<K>) => ObjectOf<K> | undefined,
  isFit: (object: ObjectOf<K>, objects: WorldObjects) => boolean = () => true,
): Change {
  return (objects) => {
    const candidates = objects.filter((object): object is ObjectOf<K> => object.kind === kind);
    const fit = candidates.filter((object) => isFit(object, objects));
    const chosen = fit[number % fit.length];
    if (chosen === undefined) return objects;
    const changed = change(chosen);
    return objects.flatMap((object) =>
      object !== chosen ? [object] : changed === undefined ? [] : [changed],
    );
  };
}

/** Whether no Deny rule comes with the grants of a binding, so that without them nothing is denied less. */
function hasNoDeny(found: AccessRoleBinding, objects: WorldObjects): boolean {
  const roles = objects.filter((object) => object.kind === "AccessRole");
  const reached = reachedRoles(roles, found.spec.role);
  return !roles.some(
    ({ metadata, spec }) =>
      reached.includes(metadata.name) && spec.rules?.some(({ effect }) => effect === "Deny"),
  );
}

function withoutSubject(found: AccessRoleBinding, index: number): AccessRoleBinding | undefined {
  const subjects = found.spec.subjects.filter((_, at) => at !== index % found.spec.subjects.length);
  return subjects.length === 0 ? undefined : { ...found, spec: { ...found.spec, subjects } };
}

function withRules(
  found: AccessRole,
  change: (rules: readonly AccessRoleRule[]) => readonly AccessRoleRule[],
): AccessRole {
  return { ...found, spec: { ...found.spec, rules: change(found.spec.rules ?? []) } };
}
