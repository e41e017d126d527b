import type { AccessRole } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";

/** The existing roles that a role reaches through includes, itself first. */
export function reachedRoles(world: World, role: AccessRole): AccessRole[] {
  const reached = new Set([role]);
  for (const from of reached) {
    for (const name of from.spec.includes ?? []) {
      const to = world.live("AccessRole", name);
      if (to !== undefined) reached.add(to);
    }
  }
  return [...reached];
}
