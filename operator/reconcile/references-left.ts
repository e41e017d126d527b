import type { Kind } from "../../engine/model/objects.generated.ts";
import { type ObjectKey, objectKey } from "../../engine/model/references.ts";
import { isTerminating, type World } from "../../engine/model/world.ts";

/**
 * What still refers to an object, so that its name must not be free yet. Roles that are marked for deletion themselves do
 * not count, only what holds them: two roles that include each other go together.
 */
export function* referencesLeft(world: World, kind: Kind, name: string): Iterable<ObjectKey> {
  const seen = new Set<ObjectKey>([objectKey(kind, name)]);
  for (const target of seen) {
    for (const referrer of world.referrers(target)) {
      if (seen.has(referrer)) continue;
      if (isGoingRole(world, referrer)) seen.add(referrer);
      else yield referrer;
    }
  }
}

function isGoingRole(world: World, key: ObjectKey): boolean {
  const prefix = "AccessRole/";
  if (!key.startsWith(prefix)) return false;
  const role = world.get("AccessRole", key.slice(prefix.length));
  return role !== undefined && isTerminating(role);
}
