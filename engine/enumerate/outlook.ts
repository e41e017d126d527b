import { activationOf, admittedRoles } from "../decide/active-roles.ts";
import type { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { LoadedRoles } from "../policy/loaded-roles.ts";
import type { Asker } from "./asker.ts";
import { unitOf } from "./unit-of.ts";
import { walkGrants } from "./walk-grants.ts";

/** What somebody may do at a scope at an instant, as masks over all permissions of whatever level. */
export interface Outlook {
  /** What is allowed whatever the resource and the circumstances are. */
  readonly certain: Uint32Array;
  /** What is allowed for some: `certain` is part of it. */
  readonly possible: Uint32Array;
}

/**
 * Looks at all grants of an asker at a scope. Suspension is for the caller to ask.
 *
 * @param keys those of the asker at the instant
 * @param instant milliseconds since 1970
 */
export function outlookAt(asker: Asker, keys: KeySet, scope: ResolvedScope, instant: number): Outlook {
  const { model } = asker.policy;
  const { words } = model.catalog;
  // Certain where Allow rules are plain and Deny rules may match; possible where Allow rules may match and no plain Deny does.
  const certain = new Uint32Array(words);
  const possible = new Uint32Array(words);
  if (words === 0 || isConflicting(asker, keys, scope, instant)) return { certain, possible };
  const denied = new Uint32Array(words);
  const perhapsDenied = new Uint32Array(words);
  const admitted = admittedAt(asker, keys, scope, instant);
  const { all } = model.roles;
  walkGrants(asker, keys, scope, instant, (grants, grant, role, isEffective) => {
    const at = model.roles.at(role);
    const isConditional = grants.isConditional(grant);
    if (isEffective) addAllowed(model.roles, role, admitted, isConditional ? undefined : certain, possible);
    if (grants.isDefault(grant)) return;
    for (let word = 0; word < words; word++) {
      if (!isConditional) denied[word]! |= all.deny[at + word]!;
      perhapsDenied[word]! |= all.deny[at + word]! | all.narrowDeny[at + word]!;
    }
  });
  const { token } = asker;
  for (let word = 0; word < words; word++) {
    certain[word]! &= ~perhapsDenied[word]! & (token?.certain[word] ?? ALL);
    possible[word]! &= ~denied[word]! & (token?.possible[word] ?? ALL);
  }
  return { certain, possible };
}

/** The roles whose Allow rules count; undefined: all. @param instant milliseconds since 1970 */
export function admittedAt(
  asker: Asker,
  keys: KeySet,
  scope: ResolvedScope,
  instant: number,
): ReadonlySet<number> | undefined {
  return asker.active && admittedRoles(asker.policy, keys, scope, asker.active, instant);
}

const ALL = 0xffffffff;

/**
 * Whether the active roles of an asker break a dynamic separation of duty, so that nothing is allowed.
 *
 * @param instant milliseconds since 1970
 */
export function isConflicting(asker: Asker, keys: KeySet, scope: ResolvedScope, instant: number): boolean {
  const { policy, active } = asker;
  if (policy.model.constraints.dynamic.length === 0) return false;
  const activation = active && activationOf(policy, active);
  return unitOf(asker, keys, scope, instant).findDynamicConflict(activation) !== undefined;
}

/** Adds what a role allows: to `plain`, if it is there, without names and conditions, to `any` with them. */
function addAllowed(
  roles: LoadedRoles,
  role: number,
  admitted: ReadonlySet<number> | undefined,
  plain: Uint32Array | undefined,
  any: Uint32Array,
): void {
  const add = ({ allow, narrowAllow }: LoadedRoles["all"], at: number) => {
    for (let word = 0; word < any.length; word++) {
      if (plain !== undefined) plain[word]! |= allow[at + word]!;
      any[word]! |= allow[at + word]! | narrowAllow[at + word]!;
    }
  };
  if (admitted === undefined) add(roles.all, roles.at(role));
  else for (const from of roles.allowsFrom(role)) if (admitted.has(from)) add(roles.own, roles.at(from));
}
