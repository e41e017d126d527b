import { apiGroup, kinds } from "../../engine/model/objects.generated.ts";
import { finalizersFor } from "../reconcile/finalizers.ts";
import { ALLOWED, type JsonPatchOperation, type ReviewHandler } from "./review.ts";

export interface DefaultDependencies {
  readonly isNamespaceTerminating: (namespace: string) => Promise<boolean>;
}

/**
 * Gives objects of Sidegate's kinds the finalizers that the operator would give them later, so that none is deleted before.
 * Nothing in a namespace that goes.
 */
export function createDefaultHandler({ isNamespaceTerminating }: DefaultDependencies): ReviewHandler {
  return async ({ operation, kind: { group, kind }, subResource, namespace, object }) => {
    const known = kinds.find((candidate) => candidate === kind);
    if (operation !== "CREATE" || group !== apiGroup || known === undefined || subResource !== "")
      return ALLOWED;
    const present = object?.metadata?.finalizers;
    const finalizers = Array.isArray(present) ? (present as unknown[]) : [];
    const missing = finalizersFor(known).filter((finalizer) => !finalizers.includes(finalizer));
    if (missing.length === 0 || object?.metadata === undefined) return ALLOWED;
    // The API server refuses creations there, except by whom it trusts.
    if (await isNamespaceTerminating(namespace)) return ALLOWED;
    return { patch: patchOf(Array.isArray(present), missing) };
  };
}

function patchOf(isThere: boolean, finalizers: readonly string[]): JsonPatchOperation[] {
  const path = "/metadata/finalizers";
  if (!isThere) return [{ op: "add", path, value: finalizers }];
  return finalizers.map((value) => ({ op: "add", path: `${path}/-`, value }));
}
