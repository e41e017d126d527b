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
      const key = objectKey(referrer.kind, referrer.metadata.name);
      if (seen.has(key)) continue;
      if (referrer.kind === "AccessRole" && isTerminating(referrer)) seen.add(key);
      else yield key;
    }
  }
}
