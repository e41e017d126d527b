import type { Refusal } from "../delegate/judgement.ts";
import type { AccessRole, Kind, SidegateObject } from "../model/objects.generated.ts";
import { objectKey } from "../model/references.ts";
import { isTerminating, type World } from "../model/world.ts";
import type { Policy } from "../policy/policy.ts";
import { describeBreach } from "./describe-breach.ts";
import { type Breach, findBreaches } from "./find-breaches.ts";

/** A domain before and after a write. Policies are made when they are asked for. */
export interface Sides {
  readonly before: World;
  readonly after: World;
  readonly policyBefore: () => Policy;
  /** Both, made at the same instant, so that nothing but the write lies between them. Pauses now and then. */
  readonly policies: () => Generator<undefined, Policies>;
}

export interface Policies {
  readonly before: Policy;
  readonly after: Policy;
}

/** Breaches that a refusal tells. */
const TOLD = 3;

/**
 * Refuses a write that would make a static separation of duty or an exclusive set void a grant (semantics, section 6). A
 * constraint itself is accepted, whatever it voids: see `breachWarnings`. Pauses now and then.
 *
 * @param now milliseconds since 1970
 */
export function* judgeBreaches(
  sides: Sides,
  old: SidegateObject | undefined,
  object: SidegateObject | undefined,
  now: number,
): Generator<undefined, Refusal[]> {
  if (object === undefined || object.kind === "AccessConstraint") return [];
  if (!mayBreach(sides, old, object)) return [];
  const remedy = REMEDIES[object.kind] ?? "take one of both away first";
  const { before, after } = yield* sides.policies();
  const refusals: Refusal[] = [];
  for (const breach of eachPair(findBreaches(before, after, now), object.metadata.name)) {
    yield undefined;
    if (breach === undefined) continue;
    const message = `${describeBreach(breach)}; ${remedy}`;
    refusals.push({ path: PATHS[object.kind] ?? "spec", message, liftedBy: undefined });
    if (refusals.length === TOLD) break;
  }
  return refusals;
}

/** What a constraint that is written comes to void: sentences for whoever writes it. Pauses now and then. */
export function* breachWarnings(
  sides: Sides,
  object: SidegateObject | undefined,
  now: number,
): Generator<undefined, string[]> {
  if (object?.kind !== "AccessConstraint" || isTerminating(object)) return [];
  const { separationOfDuty, exclusive } = object.spec;
  if (exclusive === undefined && (separationOfDuty?.mode ?? "Static") !== "Static") return [];
  const warnings: string[] = [];
  const { before, after } = yield* sides.policies();
  let count = 0;
  for (const breach of eachPair(findBreaches(before, after, now))) {
    yield undefined;
    if (breach === undefined) continue;
    if (count++ < TOLD) warnings.push(`void from now on: ${describeBreach(breach)}`);
  }
  if (count > TOLD) warnings.push(`void from now on: ${count - TOLD} more grants; the status will name them`);
  return warnings;
}

/** Breaches with two that void each other told once, the binding named first where it is one of them. */
function* eachPair(breaches: Iterable<Breach | undefined>, binding?: string): Iterable<Breach | undefined> {
  const told = new Set<string>();
  for (const breach of breaches) {
    if (breach === undefined) yield undefined;
    else {
      const { constraint, subject, grant, by } = breach;
      const bindings = [grant.binding, by.binding].sort();
      const key = [constraint.name, subject.kind, subject.name, ...bindings].join("\n");
      if (told.has(key)) continue;
      told.add(key);
      yield by.binding === binding ? { ...breach, grant: by, by: grant } : breach;
    }
  }
}

const PATHS: Partial<Record<Kind, string>> = {
  AccessGroup: "spec.members",
  AccessRoleBinding: "spec.subjects",
};

const REMEDIES: Partial<Record<Kind, string>> = {
  AccessRoleBinding:
    "take the other role away first, let the times not overlap, or leave the subject out of this binding",
  AccessGroup: "take the other role away first, or leave the member out of the group",
  AccessRole:
    "take one of the two roles away from the subject first, or leave what conflicts out of this role",
};

/**
 * Whether a write may make a constraint void anything that it does not void already: it adds a grant, or what a role carries and
 * where it may be assigned. Whatever takes grants away, defaults aside, lifts voids only.
 */
function mayBreach(
  { after, policyBefore }: Pick<Sides, "after" | "policyBefore">,
  old: SidegateObject | undefined,
  object: SidegateObject,
): boolean {
  if (isTerminating(object) || !hasVoidingConstraint(after)) return false;
  const { kind, metadata } = object;
  switch (kind) {
    case "AccessRoleBinding": {
      const { constraints, roleRows } = policyBefore().model;
      const role = roleRows.get(object.spec.role);
      return role !== undefined && constraints.setsOf(role) !== 0;
    }
    case "AccessGroup":
      return true;
    case "AccessRole":
      return old?.kind !== "AccessRole" || standingOf(old) !== standingOf(object);
    case "Organization":
    case "Workspace":
    case "Environment":
      return old === undefined && [...after.referrers(objectKey(kind, metadata.name))].length > 0;
    default:
      return false;
  }
}

/** What of a role constraints ask: its rules are none of it. */
function standingOf({ spec }: AccessRole): string {
  return JSON.stringify([spec.assignableAt, spec.includes ?? [], spec.organization ?? ""]);
}

function hasVoidingConstraint(world: World): boolean {
  for (const { spec } of world.listLive("AccessConstraint")) {
    const { separationOfDuty, exclusive } = spec;
    if (exclusive !== undefined) return true;
    if (separationOfDuty !== undefined && separationOfDuty.mode !== "Dynamic") return true;
  }
  return false;
}
