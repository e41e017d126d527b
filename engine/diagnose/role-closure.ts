import { components } from "../model/components.ts";
import type { AccessRole } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";

/** The existing roles that a role reaches through includes, itself first. */
export function reachedRoles(world: World, role: AccessRole): AccessRole[] {
  const reached = new Set([role]);
  for (const from of reached) for (const to of includedRoles(world, from)) reached.add(to);
  return [...reached];
}

/** The names of the roles on a cycle of includes that a role reaches; empty if there is none. */
export function reachedCycle(world: World, role: AccessRole): string[] {
  const roles = reachedRoles(world, role);
  const rows = new Map(roles.map((reached, row) => [reached, row]));
  const edges = (row: number) => includedRoles(world, roles[row]!).map((to) => rows.get(to)!);
  const cycle = components(roles.length, edges).find(
    (component) => component.length > 1 || edges(component[0]!).includes(component[0]!),
  );
  return (cycle ?? []).map((row) => roles[row]!.metadata.name).sort();
}

function includedRoles(world: World, role: AccessRole): AccessRole[] {
  return (role.spec.includes ?? []).flatMap((name) => world.live("AccessRole", name) ?? []);
}
