import type { Kind, ObjectOf, SidegateObject } from "../model/objects.generated.ts";
import type { ObjectKey } from "../model/references.ts";
import { referencesOf } from "../model/references.ts";
import { isTerminating, type World } from "../model/world.ts";

/**
 * A write that is being judged, beside a world that does not have it yet. `before` is the object as the world has it,
 * undefined for a creation; `after` is what it becomes, undefined for a deletion.
 */
export interface Change {
  readonly before: SidegateObject | undefined;
  readonly after: SidegateObject | undefined;
}

/** No change: the world as it is. */
export const NO_CHANGE: Change = { before: undefined, after: undefined };

/** The objects of a kind that refer to the one named and are not marked for deletion, once the change is made. */
export function* referringAfter<K extends Kind>(
  world: World,
  by: K,
  target: ObjectKey,
  change: Change,
): Iterable<ObjectOf<K>> {
  for (const object of world.referring(by, target)) if (!isChanged(object, change)) yield object;
  const { after } = change;
  if (after?.kind !== by || isTerminating(after)) return;
  if (referencesOf(after).includes(target)) yield after as ObjectOf<K>;
}

/** The objects of a kind that exist once the change is made. */
export function* listAfter<K extends Kind>(world: World, kind: K, change: Change): Iterable<ObjectOf<K>> {
  for (const object of world.listLive(kind)) if (!isChanged(object, change)) yield object;
  const { after } = change;
  if (after?.kind === kind && isThere(after)) yield after as ObjectOf<K>;
}

/** The objects of a kind once the change is made, those that are marked for deletion among them. */
export function* listAllAfter<K extends Kind>(world: World, kind: K, change: Change): Iterable<ObjectOf<K>> {
  for (const object of world.list(kind)) if (!isChanged(object, change)) yield object;
  const { after } = change;
  if (after?.kind === kind) yield after as ObjectOf<K>;
}

/** The object if it exists once the change is made. */
export function liveAfter<K extends Kind>(
  world: World,
  kind: K,
  name: string,
  change: Change,
): ObjectOf<K> | undefined {
  const { before, after } = change;
  if (after?.kind === kind && after.metadata.name === name)
    return isThere(after) ? (after as ObjectOf<K>) : undefined;
  if (before?.kind === kind && before.metadata.name === name) return undefined;
  return world.live(kind, name);
}

/** A role that is marked for deletion goes on while it is in use, and may come back into use: it counts as there. */
function isThere(object: SidegateObject): boolean {
  return object.kind === "AccessRole" || !isTerminating(object);
}

/** Whether an object of the world is the one that the change is about. */
function isChanged(object: SidegateObject, { before, after }: Change): boolean {
  const changed = after ?? before;
  return changed?.kind === object.kind && changed.metadata.name === object.metadata.name;
}
