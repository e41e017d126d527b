import type { Catalog } from "../catalog/merge-catalogs.ts";
import type { AccessRole, AccessRoleGrant, AccessRoleRule } from "../model/objects.generated.ts";
import { formatScope } from "../model/scope.ts";
import type { World } from "../model/world.ts";
import { type Change, listAfter, listAllAfter, NO_CHANGE } from "./change.ts";
import { NOTHING, type RoleClosure, RoleGraph } from "./role-closure.ts";
import {
  allowCovers,
  type Claim,
  claimsOf,
  denyCovers,
  denyTouches,
  formatClaim,
  isConditional,
  isSameRule,
} from "./rule-cover.ts";

/** What a writer holds at a place without condition: the rules of its effective grants, and all Deny rules that it is under. */
export type Holdings = RoleClosure;

/** A part of a role's new closure that the old one lacked and the writer does not hold, or a Deny rule that would go. */
export interface Uncovered {
  /** The role whose closure it is about: the one that is written, or one that includes it. */
  readonly role: string;
  /** Where the writer would have to hold it, as requests write scopes. */
  readonly place: string;
  readonly kind: "Allow" | "Deny" | "Grants" | "Level";
  /** A permission, a right to grant or a level, for people. */
  readonly what: string;
}

/**
 * What keeps a writer from writing a role without the verb `escalate` (semantics, section 8): the Allow rules and grants
 * entries that the new closure has, the old lacked and the writer does not hold, Deny rules that would be removed or
 * narrowed, and levels added. The edit counts for all roles that include the one that is written.
 *
 * It never leaves out what the writer does not hold; a part that could only be seen to be covered by looking at names,
 * conditions or catalogs more closely is reported.
 *
 * @param holdingsAt what the writer holds at a place, written as in requests
 */
export function uncoveredByWriter(
  world: World,
  before: AccessRole | undefined,
  after: AccessRole | undefined,
  holdingsAt: (place: string) => Holdings,
): Uncovered[] {
  const name = (after ?? before)?.metadata.name;
  if (name === undefined) return [];
  const change: Change = { before, after };
  const old = new RoleGraph(listAfter(world, "AccessRole", NO_CHANGE));
  const now = new RoleGraph(listAfter(world, "AccessRole", change));
  // With the roles that are marked for deletion: what includes one may bring it back into use.
  const widest = new RoleGraph(listAllAfter(world, "AccessRole", change));
  const affected = new Set([...old.includersOf(name), ...widest.includersOf(name)]);
  const uncovered = addedLevels(before, after);
  for (const role of affected) {
    const place = placeOf(widest.roles.get(role) ?? old.roles.get(role));
    const stays = placeOf(old.roles.get(role)) === place;
    const gaps = compare(
      stays ? old.closureOf(role) : NOTHING,
      { ...widest.widestClosureOf(role), deny: now.closureOf(role).deny },
      () => holdingsAt(place),
      world.catalog,
    );
    uncovered.push(...gaps.map((gap) => ({ ...gap, role, place })));
  }
  return uncovered;
}

/** The role's organization, or Platform. */
function placeOf(role: AccessRole | undefined): string {
  const organization = role?.spec.organization;
  return organization === undefined ? "platform" : formatScope("Organization", organization);
}

function addedLevels(before: AccessRole | undefined, after: AccessRole | undefined): Uncovered[] {
  if (before === undefined || after === undefined) return [];
  const added = after.spec.assignableAt.filter((level) => !before.spec.assignableAt.includes(level));
  const { name } = after.metadata;
  return added.map((level) => ({ role: name, place: placeOf(after), kind: "Level", what: level }));
}

type Gap = Pick<Uncovered, "kind" | "what">;

function compare(old: RoleClosure, now: RoleClosure, holdings: () => Holdings, catalog: Catalog): Gap[] {
  return [
    ...uncoveredRules(old, now, holdings, catalog).map((what) => ({ kind: "Allow", what }) as const),
    ...uncoveredGrants(old, now, holdings).map((what) => ({ kind: "Grants", what }) as const),
    ...lostDenies(old, now, catalog).map((what) => ({ kind: "Deny", what }) as const),
  ];
}

function uncoveredRules(
  old: RoleClosure,
  now: RoleClosure,
  holdings: () => Holdings,
  catalog: Catalog,
): string[] {
  const uncovered = new Set<string>();
  const isDenied = (claim: Claim) => holdings().deny.some((rule) => denyTouches(rule, claim, catalog));
  for (const rule of now.allow) {
    const claims = claimsOf(rule).filter((claim) => !isAllowed(old.allow, claim, catalog));
    if (!isConditional(rule)) {
      for (const claim of claims) {
        if (!isAllowed(holdings().allow, claim, catalog) || isDenied(claim))
          uncovered.add(formatClaim(claim));
      }
    } else if (claims.length > 0 && !hasSame(old.allow, rule)) {
      if (!hasSame(holdings().allow, rule) || claims.some(isDenied))
        for (const claim of claims) uncovered.add(`${formatClaim(claim)} when ${rule.when}`);
    }
  }
  return [...uncovered];
}

/** Whether rules without conditions allow all that a claim stands for. */
function isAllowed(rules: readonly AccessRoleRule[], claim: Claim, catalog: Catalog): boolean {
  return rules.some((rule) => !isConditional(rule) && allowCovers(rule, claim, catalog));
}

function hasSame(rules: readonly AccessRoleRule[], wanted: AccessRoleRule): boolean {
  return rules.some((rule) => isSameRule(rule, wanted));
}

function uncoveredGrants(old: RoleClosure, now: RoleClosure, holdings: () => Holdings): string[] {
  const had = new Set(rightsOf(old.grants));
  const added = rightsOf(now.grants).filter((right) => !had.has(right));
  if (added.length === 0) return [];
  const held = new Set(rightsOf(holdings().grants));
  return [...new Set(added.filter((right) => !held.has(right)))];
}

/** Each right to grant on its own, for people. */
function rightsOf(grants: readonly AccessRoleGrant[]): string[] {
  return grants.flatMap(({ roles, levels, verbs = ["Give", "Take"] }) =>
    verbs.flatMap((verb) =>
      roles.flatMap((role) => levels.map((level) => `${verb} ${JSON.stringify(role)} at ${level}`)),
    ),
  );
}

/** What the Deny rules of the old closure denied and those of the new one do not. */
function lostDenies(old: RoleClosure, now: RoleClosure, catalog: Catalog): string[] {
  const lost = new Set<string>();
  for (const rule of old.deny) {
    const keeping = now.deny.filter((other) => !isConditional(other) || other.when === rule.when);
    for (const claim of claimsOf(rule)) {
      if (keeping.some((other) => denyCovers(other, claim, catalog))) continue;
      lost.add(isConditional(rule) ? `${formatClaim(claim)} when ${rule.when}` : formatClaim(claim));
    }
  }
  return [...lost];
}
