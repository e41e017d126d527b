import { hasBit } from "../policy/loaded-catalog.ts";
import type { LoadedRoles, NarrowRule } from "../policy/loaded-roles.ts";
import type { Circumstances } from "./circumstances.ts";
import { matchesNames } from "./match-names.ts";

/** What rules are matched against. */
export interface Target {
  /** The number of the permission in the catalog. */
  readonly permission: number;
  /** Empty: none. */
  readonly resourceName: string;
  readonly circumstances: Circumstances;
}

/** Whether an Allow rule that counts in the role matches. */
export function allows(roles: LoadedRoles, role: number, target: Target): boolean {
  const at = roles.at(role);
  if (hasBit(roles.all.allow, at, target.permission)) return true;
  return (
    hasBit(roles.all.narrowAllow, at, target.permission) &&
    roles.narrowRules(role).allow.some((rule) => narrowAllows(rule, target))
  );
}

/** Whether a Deny rule that counts in the role matches. */
export function denies(roles: LoadedRoles, role: number, target: Target): boolean {
  const at = roles.at(role);
  if (hasBit(roles.all.deny, at, target.permission)) return true;
  return (
    hasBit(roles.all.narrowDeny, at, target.permission) &&
    roles.narrowRules(role).deny.some((rule) => narrowDenies(rule, target))
  );
}

/** The role in which the Allow rule stands that matches, looking at the roles in `admitted` only. */
export function allowingRole(
  roles: LoadedRoles,
  role: number,
  target: Target,
  admitted: (role: number) => boolean,
): number | undefined {
  for (const from of roles.allowsFrom(role)) {
    if (admitted(from) && hasBit(roles.own.allow, roles.at(from), target.permission)) return from;
  }
  return roles.narrowRules(role).allow.find((rule) => admitted(rule.role) && narrowAllows(rule, target))
    ?.role;
}

/** The role in which the Deny rule stands that matches. */
export function denyingRole(roles: LoadedRoles, role: number, target: Target): number | undefined {
  for (const from of roles.reaches(role)) {
    if (hasBit(roles.own.deny, roles.at(from), target.permission)) return from;
  }
  return roles.narrowRules(role).deny.find((rule) => narrowDenies(rule, target))?.role;
}

/** An error in a condition never widens access: no match here. */
function narrowAllows(rule: NarrowRule, { permission, resourceName, circumstances }: Target): boolean {
  if (!hasBit(rule.mask, 0, permission)) return false;
  const isNamed = rule.names.length === 0 || (resourceName !== "" && matchesNames(rule.names, resourceName));
  return isNamed && circumstances.isMet(rule.condition);
}

/** An error in a condition never widens access: a match here. Without a resource name any might be meant. */
function narrowDenies(rule: NarrowRule, { permission, resourceName, circumstances }: Target): boolean {
  if (!hasBit(rule.mask, 0, permission)) return false;
  const isNamed = resourceName === "" || matchesNames(rule.names, resourceName);
  return isNamed && circumstances.mayHold(rule.condition);
}
