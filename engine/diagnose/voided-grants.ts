import { expandGroups } from "../decide/expand-groups.ts";
import { KeySet } from "../decide/key-set.ts";
import { isOnChain } from "../decide/place.ts";
import type { StandingGrant } from "../decide/standing-grant.ts";
import { gatherStandingIn } from "../decide/standing-grants.ts";
import { StandingSet } from "../decide/standing-set.ts";
import { Unit } from "../decide/unit.ts";
import type { AccessRoleBinding, SubjectReference } from "../model/objects.generated.ts";
import { objectKey } from "../model/references.ts";
import { scopesOf, targetOfScope } from "../model/scope-tree.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { World } from "../model/world.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import { scopeText } from "../policy/scope-text.ts";

/** A grant that a constraint voids, and the other party (semantics, section 6). */
export interface VoidedGrant {
  readonly constraint: string;
  readonly binding: string;
  readonly subject: SubjectReference;
  /** Where it is void, as in requests: there and below. */
  readonly unit: string;
  /** The other binding; the same one where its role alone carries too many. */
  readonly conflictsWith: string;
}

/**
 * The grants that constraints void in one organization, or at Platform, for every subject that bindings name and every
 * member of the groups that they name. A group that callers assert is judged alone.
 *
 * @param policy compiled from `world`
 * @param organization undefined: Platform
 * @param now milliseconds since 1970
 */
export function voidedGrants(
  world: World,
  policy: Policy,
  organization: string | undefined,
  now: number,
): VoidedGrant[] {
  const grants = organization === undefined ? policy.platform : policy.organizations.get(organization);
  if (grants === undefined || policy.model.constraints.voiding.length === 0) return [];
  const subjects = new Map<string, SubjectReference>();
  for (const binding of bindingsIn(world, organization)) {
    const role = policy.model.roleRows.get(binding.spec.role);
    if (role === undefined || policy.model.constraints.setsOf(role) === 0) continue;
    for (const subject of binding.spec.subjects) addExpanded(world, subject, subjects);
  }
  return [...subjects.values()].flatMap((subject) => voidedOf(policy, grants, subject, now));
}

function* bindingsIn(world: World, organization: string | undefined): Iterable<AccessRoleBinding> {
  if (organization === undefined) yield* world.referring("AccessRoleBinding", objectKey("Platform", ""));
  else
    for (const scope of scopesOf(world, organization))
      yield* world.referring("AccessRoleBinding", targetOfScope(scope));
}

/** Adds a subject, or whoever is in it if it is a declared group. */
function addExpanded(world: World, subject: SubjectReference, found: Map<string, SubjectReference>): void {
  const groups = new Set<string>();
  const waiting = [subject];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { kind, name } = next;
    if (kind !== "AccessGroup") found.set(`${kind}/${name}`, { kind, name });
    else if (!groups.has(name)) {
      groups.add(name);
      waiting.push(...(world.live("AccessGroup", name)?.spec.members ?? []));
    }
  }
}

function voidedOf(
  policy: Policy,
  grants: LoadedGrants,
  subject: SubjectReference,
  now: number,
): VoidedGrant[] {
  const { constraints } = policy.model;
  const keys = new KeySet();
  keys.start(SubjectDigit[subject.kind].charCodeAt(0), subject.name);
  expandGroups(policy, keys, now);
  const standing = gatherStandingIn(policy, keys, grants, now, (role) => constraints.setsOf(role) !== 0);
  if (standing.length < 2 && !standing.some(({ role }) => constraints.needsCloserLook(role))) return [];
  const own = standing.filter((grant) => grant.grants === grants);
  const rows = [...new Set(own.map(({ scope }) => scope))].sort((a, b) => a - b);
  const found: VoidedGrant[] = [];
  const known = new Map<StandingGrant, number[]>();
  // Parents stand before their children, so a grant is reported at the topmost place where it is void.
  const set = new StandingSet(policy, standing);
  for (const row of rows) {
    const unit = new Unit(policy, { grants, row }, set);
    for (const grant of unit.applying) {
      if (grant.grants !== grants || isKnown(known.get(grant), grants, row)) continue;
      const reason = unit.findVoid(grant);
      if (reason === undefined) continue;
      known.set(grant, [...(known.get(grant) ?? []), row]);
      found.push({
        constraint: reason.constraint.name,
        binding: grants.bindingName(grant.grant),
        subject,
        unit: scopeText(grants, row),
        conflictsWith: reason.by.grants.bindingName(reason.by.grant),
      });
    }
  }
  return found;
}

function isKnown(rows: readonly number[] | undefined, grants: LoadedGrants, row: number): boolean {
  return rows?.some((above) => isOnChain({ grants }, above, row)) ?? false;
}
