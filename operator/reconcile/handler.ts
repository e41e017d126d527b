import type { Kind, ObjectOf } from "../../engine/model/objects.generated.ts";
import type { World } from "../../engine/model/world.ts";
import type { KubeApi } from "../kube/kube-api.ts";

/** An object to be looked after, as the operator last saw it. */
export interface Target<K extends Kind = Kind> {
  readonly domain: string;
  readonly key: string;
  readonly object: ObjectOf<K>;
  readonly world: World;
  /** Writes through it are paced as the key's lane asks. */
  readonly api: KubeApi;
}

/**
 * Brings one aspect of an object closer to what it should be. It reads the present state and nothing else, may run at any
 * time and any number of times, and rejects to be run again later.
 */
export type Handler<K extends Kind = Kind> = (target: Target<K>) => Promise<void>;
