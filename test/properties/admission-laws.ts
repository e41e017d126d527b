import fc from "fast-check";
import { findBreaches } from "../../engine/admission/find-breaches.ts";
import type { AccessRoleBinding, SidegateObject } from "../../engine/model/objects.generated.ts";
import { AUTHENTICATED } from "../../engine/model/subject.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { voidBy } from "../oracle/constraints.ts";
import { isDefault } from "../oracle/default-name.ts";
import { type Existing, existing } from "../oracle/existing.ts";
import type { Grant } from "../oracle/grants.ts";
import { instantsAfter } from "../oracle/instants.ts";
import { allScopes, chainOf } from "../oracle/scopes.ts";
import type { Identity } from "../oracle/subjects.ts";
import { constrainedWorld } from "../worlds/constrained-world.ts";
import { delegationWorld } from "../worlds/delegation.ts";
import { now } from "../worlds/instants.ts";
import { anyObject, keyOf, type WorldObjects, withoutNamesakes } from "../worlds/world.ts";
import { compile } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

const worlds = fc.oneof(constrainedWorld, delegationWorld);

/** An object that takes the place of another, or is added: any, or one of a world with the same constraints. */
const written = fc.oneof(
  anyObject,
  constrainedWorld.filter((objects) => objects.length > 0).chain((objects) => fc.constantFrom(...objects)),
);

/** What admission refuses. */
export const admissionLaws: readonly Law[] = [
  law(
    "a write is a breach for just whom the oracle finds something void that was not, now or later",
    1500,
    fc.property(worlds, written, fc.integer({ min: 0, max: 9 }), now, (objects, object, gone, instant) => {
      const isDeletion = gone === 0;
      if (!isDeletion && movesTo(objects, object)) return;
      const others = objects.filter((other) => keyOf(other) !== keyOf(object));
      const after = isDeletion ? others : withoutNamesakes([...others, object]);
      const { certain, possible } = breachesOf(objects, after, keyOf(object), instant);
      const found = new Set<string>();
      for (const breach of findBreaches(
        loadCompiled(compile(objects)),
        loadCompiled(compile(after)),
        instant,
      )) {
        if (breach === undefined) continue;
        const { constraint, subject, grant } = breach;
        found.add(textOf(constraint.name, subject, grant.role, grant.scope));
      }
      // Whoever has nothing of their own there is not told apart from everybody.
      const missing = [...certain].filter((text) => !found.has(text) && !found.has(ofEverybody(text)));
      const isSame = missing.length === 0 && [...found].every((text) => possible.has(text));
      if (isSame) return;
      throw new Error(
        showCase(objects, {
          object,
          isDeletion,
          now: new Date(instant),
          found: [...found],
          certain: [...certain],
          possible: [...possible],
        }),
      );
    }),
  ),
];

/** Whether a write would change what never changes, which the API server refuses. */
function movesTo(objects: WorldObjects, object: SidegateObject): boolean {
  const before = objects.find((other) => keyOf(other) === keyOf(object));
  if (before === undefined) return false;
  const placeOf = ({ spec }: SidegateObject) => {
    const { organization, workspace } = (spec ?? {}) as { organization?: string; workspace?: string };
    return `${organization}/${workspace}`;
  };
  return placeOf(before) !== placeOf(object);
}

/**
 * What comes to be void in any unit. What was void already where it is given was of no use anywhere, and a wider unit takes
 * nothing more from it: that may be told or not.
 */
function breachesOf(before: WorldObjects, after: WorldObjects, writtenKey: string, instant: number) {
  const [old, made] = [existing(before), existing(after)];
  const instants = [...new Set([instant, ...instantsAfter(old, instant), ...instantsAfter(made, instant)])];
  const [certain, possible] = [new Set<string>(), new Set<string>()];
  for (const subject of subjectsOf([...before, ...after])) {
    for (const scope of allScopes(made)) {
      // A scope that is new is as the nearest above it was.
      const nearest = chainOf(made, scope)?.find((above) => chainOf(old, above) !== undefined);
      for (const at of instants) {
        for (const constraint of made.constraints) {
          const { name } = constraint.metadata;
          const voids = (world: Existing, of: typeof constraint | undefined, place = scope) =>
            of === undefined ? [] : voidBy(world, of, { ...subject, groups: [] }, place, at);
          const known = old.constraints.find((other) => other.metadata.name === name);
          const wasVoid = new Set(voids(old, known, nearest).map(meaningOf));
          for (const grant of voids(made, constraint)) {
            if (isDefault(grant.binding)) continue;
            const where =
              grant.scope.kind === "Platform"
                ? "platform"
                : `${grant.scope.kind.toLowerCase()}/${grant.scope.name}`;
            const text = textOf(name, subject, grant.role.metadata.name, where);
            // The like of it may have been void by another binding; this one is void as well.
            if (!wasVoid.has(meaningOf(grant)) || keyOf(grant.binding) === writtenKey) possible.add(text);
            if (wasVoid.has(meaningOf(grant))) continue;
            const home = chainOf(made, grant.scope)?.find((above) => chainOf(old, above) !== undefined);
            const wasOfUse = voids(old, known, home).every((other) => meaningOf(other) !== meaningOf(grant));
            if (wasOfUse) certain.add(text);
          }
        }
      }
    }
  }
  return { certain, possible };
}

/** What a grant gives, whichever binding gives it. */
function meaningOf({ binding, subject, role, scope }: Grant): string {
  const { notBefore, expiresAt, when } = (binding as AccessRoleBinding).spec;
  return JSON.stringify([subject.kind, subject.name, role.metadata.name, scope, notBefore, expiresAt, when]);
}

function subjectsOf(objects: readonly SidegateObject[]): Identity[] {
  const subjects = new Map<string, Identity>([["", { kind: "Group", name: AUTHENTICATED }]]);
  for (const object of objects) {
    const named =
      object.kind === "AccessRoleBinding"
        ? object.spec.subjects
        : object.kind === "AccessGroup"
          ? (object.spec.members ?? [])
          : object.kind === "Membership"
            ? [object.spec.subject]
            : [];
    for (const { kind, name } of named)
      if (kind !== "AccessGroup") subjects.set(`${kind}/${name}`, { kind, name });
  }
  return [...subjects.values()];
}

/** What the same breach is called where everybody has it. */
function ofEverybody(text: string): string {
  return text.replace(/^([^:]+): .*(: [^:]+ at [^ ]+)$/, `$1: Group ${AUTHENTICATED}$2`);
}

function textOf(constraint: string, { kind, name }: Identity, role: string, scope: string): string {
  return `${constraint}: ${kind} ${name}: ${role} at ${scope}`;
}
