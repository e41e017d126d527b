import { isTerminating } from "../../engine/model/world.ts";
import { addFinalizer, hasFinalizer, IN_USE, removeFinalizer } from "./finalizers.ts";
import type { Handler } from "./handler.ts";
import { referencesLeft } from "./references-left.ts";

export interface EnsureInUseDependencies {
  readonly isNamespaceTerminating: (namespace: string) => Promise<boolean>;
}

/** Keeps scopes and roles until nothing refers to them. In a namespace that goes, they go at once. */
export function ensureInUse({ isNamespaceTerminating }: EnsureInUseDependencies): Handler {
  return async ({ domain, object, world, api }) => {
    if (!isTerminating(object)) return addFinalizer(api, object, IN_USE);
    if (!hasFinalizer(object, IN_USE)) return;
    const [left] = referencesLeft(world, object.kind, object.metadata.name);
    if (left === undefined || (await isNamespaceTerminating(domain))) {
      await removeFinalizer(api, object, IN_USE);
    }
  };
}
