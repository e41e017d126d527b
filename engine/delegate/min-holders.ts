import { readWindow } from "../compile/windows.ts";
import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type {
  AccessConstraint,
  AccessConstraintMinHolders,
  AccessRoleBinding,
  ScopeReference,
  SidegateObject,
} from "../model/objects.generated.ts";
import { byName } from "../model/order.ts";
import { memberKey, scopeKey } from "../model/references.ts";
import { formatScope, type LevelName } from "../model/scope.ts";
import { organizationOfScope } from "../model/scope-tree.ts";
import type { World } from "../model/world.ts";
import { type Change, listAfter, liveAfter, NO_CHANGE, referringAfter } from "./change.ts";

/** A scope that has fewer holders of a role than a constraint asks for. */
export interface Shortage {
  /** The name of the AccessConstraint. */
  readonly constraint: string;
  readonly role: string;
  /** As requests write it. */
  readonly scope: string;
  readonly holders: number;
  /** How many there must be. */
  readonly count: number;
}

/**
 * The scopes that a write would leave with fewer holders than a constraint asks for, and with fewer than they have now
 * (semantics, section 6). A scope that the write deletes, or that is being deleted, is left out. The caller does not ask
 * in a terminating namespace.
 *
 * @param now milliseconds since 1970
 */
export function brokenMinimums(world: World, change: Change, now: number): Shortage[] {
  const broken: Shortage[] = [];
  for (const { metadata, spec } of constraintsOf(world)) {
    for (const scope of affectedScopes(world, spec.minHolders, change)) {
      if (!exists(world, scope, change)) continue;
      const { role, count } = spec.minHolders;
      const holders = countHolders(world, role, scope, now, change);
      if (holders >= count || holders >= countHolders(world, role, scope, now)) continue;
      broken.push({ constraint: metadata.name, role, scope: textOf(scope), holders, count });
    }
  }
  return broken;
}

/** The scopes that have fewer holders than a constraint asks for, in order of name. @param now milliseconds since 1970 */
export function findShortages(world: World, { metadata, spec }: AccessConstraint, now: number): Shortage[] {
  if (spec.minHolders === undefined) return [];
  const { role, level, count } = spec.minHolders;
  return scopesOfLevel(world, level).flatMap((scope) => {
    const holders = countHolders(world, role, scope, now);
    if (holders >= count) return [];
    return [{ constraint: metadata.name, role, scope: textOf(scope), holders, count }];
  });
}

/**
 * How many Users hold a role at a scope for good: named directly by bindings of it at the scope itself, without end, future
 * start or condition, and members without end where the domain asks for membership.
 *
 * @param now milliseconds since 1970
 */
export function countHolders(
  world: World,
  role: string,
  scope: ScopeReference,
  now: number,
  change: Change = NO_CHANGE,
): number {
  const organization = membershipAsked(world, scope, change);
  const users = new Set<string>();
  for (const binding of referringAfter(world, "AccessRoleBinding", scopeKey(scope), change)) {
    if (binding.spec.role !== role || !isLasting(binding, now)) continue;
    for (const { kind, name } of binding.spec.subjects) if (kind === "User") users.add(name);
  }
  if (organization === undefined) return users.size;
  return [...users].filter((user) => isLastingMember(world, user, organization, change)).length;
}

function isLasting({ spec }: AccessRoleBinding, now: number): boolean {
  if (spec.when !== undefined && spec.when !== "") return false;
  const { notBefore, expires } = readWindow(spec.notBefore, spec.expiresAt);
  return notBefore <= now && expires === Infinity;
}

/** The organization whose members the holders must be; undefined: none. */
function membershipAsked(world: World, scope: ScopeReference, change: Change): string | undefined {
  const { membership } = domainSettings(liveAfter(world, "AccessDomain", DOMAIN_NAME, change));
  return membership === "Optional" ? undefined : organizationOfScope(world, scope);
}

/** Of several Memberships the first by name counts, even if it ends. */
function isLastingMember(world: World, user: string, organization: string, change: Change): boolean {
  const key = memberKey({ organization, subject: { kind: "User", name: user } });
  const [first] = [...referringAfter(world, "Membership", key, change)].sort(byName);
  return first !== undefined && first.spec.expiresAt === undefined;
}

type MinHoldersConstraint = AccessConstraint & {
  readonly spec: { readonly minHolders: AccessConstraintMinHolders };
};

function constraintsOf(world: World): MinHoldersConstraint[] {
  const constraints = [...world.listLive("AccessConstraint")].sort(byName);
  return constraints.filter(
    (constraint) => constraint.spec.minHolders !== undefined,
  ) as MinHoldersConstraint[];
}

/** The scopes of a constraint whose holders a write may change. */
function affectedScopes(
  world: World,
  { level, role }: AccessConstraintMinHolders,
  { before, after }: Change,
): ScopeReference[] {
  const scopes = new Map<string, ScopeReference>();
  for (const object of [before, after]) {
    for (const scope of scopesAbout(world, object, level, role)) scopes.set(scopeKey(scope), scope);
  }
  return [...scopes.values()];
}

function scopesAbout(
  world: World,
  object: SidegateObject | undefined,
  level: LevelName,
  role: string,
): ScopeReference[] {
  switch (object?.kind) {
    case "AccessRoleBinding":
      return object.spec.role === role && object.spec.scope.kind === level ? [object.spec.scope] : [];
    case "Membership":
      return scopesOfLevel(world, level).filter(
        (scope) => organizationOfScope(world, scope) === object.spec.organization,
      );
    case "AccessDomain":
      return scopesOfLevel(world, level);
    default:
      return [];
  }
}

function scopesOfLevel(world: World, level: LevelName): ScopeReference[] {
  if (level === "Platform") return [{ kind: level }];
  const scopes = [...listAfter(world, level, NO_CHANGE)].sort(byName);
  return scopes
    .map(({ metadata }) => ({ kind: level, name: metadata.name }))
    .filter((scope) => exists(world, scope, NO_CHANGE));
}

/** Whether a scope and all above it exist once the change is made, none of them marked for deletion. */
function exists(world: World, scope: ScopeReference, change: Change): boolean {
  if (scope.kind === "Platform") return true;
  if (liveAfter(world, scope.kind, scope.name ?? "", change) === undefined) return false;
  const organization = organizationOfScope(world, scope);
  return organization !== undefined && liveAfter(world, "Organization", organization, change) !== undefined;
}

function textOf({ kind, name = "" }: ScopeReference): string {
  return formatScope(kind, name);
}
