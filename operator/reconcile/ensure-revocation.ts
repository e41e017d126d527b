import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { isTerminating } from "../../engine/model/world.ts";
import { addFinalizer, hasFinalizer, REVOCATION, removeFinalizer } from "./finalizers.ts";
import type { Handler } from "./handler.ts";

export interface EnsureRevocationDependencies {
  readonly isNamespaceTerminating: (namespace: string) => Promise<boolean>;
  /** Whether every live sidecar decides by the object as it is: marked for deletion. Has it looked at again once it is so. */
  readonly isEffective: (domain: string, object: SidegateObject) => boolean;
}

/**
 * Keeps what grants something until no live sidecar honours it any more, so that `kubectl delete` returns then. In a
 * namespace that goes, it goes at once.
 */
export function ensureRevocation(dependencies: EnsureRevocationDependencies): Handler {
  const { isNamespaceTerminating, isEffective } = dependencies;
  return async ({ domain, object, api }) => {
    if (!isTerminating(object)) return addFinalizer(api, object, REVOCATION);
    if (!hasFinalizer(object, REVOCATION)) return;
    if (isEffective(domain, object) || (await isNamespaceTerminating(domain))) {
      await removeFinalizer(api, object, REVOCATION);
    }
  };
}
