import {
  apiVersion,
  type Kind,
  type ObjectOf,
  type SidegateObject,
} from "../../engine/model/objects.generated.ts";
import { World } from "../../engine/model/world.ts";

/** An object as an API server would have it: generation 1, and a uid that is made from its name. */
export function anObject<K extends Kind>(
  kind: K,
  name: string,
  spec: object,
  metadata: object = {},
): ObjectOf<K> {
  const meta = {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    resourceVersion: "7",
    generation: 1,
    ...metadata,
  };
  return { apiVersion, kind, metadata: meta, spec } as unknown as ObjectOf<K>;
}

/** Marked for deletion. */
export const going = { deletionTimestamp: "2026-01-01T00:00:00Z" } as const;

export function worldOf(...objects: SidegateObject[]): World {
  const world = new World("shop");
  for (const object of objects) world.put(object);
  return world;
}
