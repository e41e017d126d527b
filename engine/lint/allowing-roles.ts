import type { AccessRole } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";

/** The roles whose Allow rules count in a role: itself and those that it may include; none if it reaches a cycle. */
export function allowingRoles(world: World, role: AccessRole): AccessRole[] {
  if (world.includeCycles.has(role.metadata.name)) return [];
  const reached = new Set([role]);
  for (const from of reached) {
    for (const name of from.spec.includes ?? []) {
      const to = world.live("AccessRole", name);
      const owner = to?.spec.organization;
      if (to && (owner === undefined || owner === from.spec.organization)) reached.add(to);
    }
  }
  return [...reached];
}
