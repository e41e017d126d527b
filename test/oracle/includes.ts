import type { AccessRole } from "../../engine/model/objects.generated.ts";

/**
 * Section 4: "`includes` adds the rules [...] of other roles, transitively". The names of a role and of all roles that it
 * reaches through includes as they are written, forbidden ones too. Names of missing roles are left out ("an entry that
 * names something missing is inert").
 */
export function reachedRoles(roles: readonly AccessRole[], name: string): string[] {
  return follow(roles, [name], () => true);
}

/**
 * Which roles of a set some roles carry, each once: themselves and what they reach. "In constraints and for activation
 * either", a forbidden include and a cycle, "still counts as carrying what it reaches".
 */
export function carriedRoles(
  roles: readonly AccessRole[],
  set: readonly string[],
  names: readonly string[],
): string[] {
  const reached = names.flatMap((name) => reachedRoles(roles, name));
  return [...new Set(set)].filter((name) => reached.includes(name));
}

/**
 * The roles whose Allow rules count in a role: itself and what it includes by permitted includes alone ("Through an
 * include that this forbids, only Deny rules come"), or none: "A role that reaches a cycle of includes has no Allow
 * rules [...], own or included".
 */
export function rolesAllowingIn(roles: readonly AccessRole[], name: string): string[] {
  if (reachedRoles(roles, name).some((reached) => isOnCycle(roles, reached))) return [];
  return follow(roles, [name], mayInclude);
}

/** "A role with `organization` may be included only by roles of that organization." */
function mayInclude(includer: AccessRole, included: AccessRole): boolean {
  return (
    included.spec.organization === undefined || included.spec.organization === includer.spec.organization
  );
}

/** Whether a role comes back to itself through its includes, in one step or more. */
function isOnCycle(roles: readonly AccessRole[], name: string): boolean {
  return follow(roles, find(roles, name)?.spec.includes ?? [], () => true).includes(name);
}

function follow(
  roles: readonly AccessRole[],
  start: readonly string[],
  admits: (includer: AccessRole, included: AccessRole) => boolean,
): string[] {
  const reached: string[] = [];
  const open = start.filter((name) => find(roles, name) !== undefined);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.includes(name)) continue;
    reached.push(name);
    const includer = find(roles, name) as AccessRole;
    for (const next of includer.spec.includes ?? []) {
      const included = find(roles, next);
      if (included !== undefined && admits(includer, included)) open.push(next);
    }
  }
  return reached;
}

function find(roles: readonly AccessRole[], name: string): AccessRole | undefined {
  return roles.find((role) => role.metadata.name === name);
}
