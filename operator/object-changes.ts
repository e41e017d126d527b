import { isDeepStrictEqual } from "node:util";
import type { SidegateObject } from "../engine/model/objects.generated.ts";
import { keysOf as keysOfPolicy } from "../engine/token/token-policy.ts";

/** What is compiled of a status: the keys that were fetched for a token policy. */
function keysOf(object: SidegateObject): string {
  return object.kind === "TokenPolicy" ? keysOfPolicy(object) : "";
}

/**
 * Whether a new version of an object may change decisions or what is told about them. The API server raises
 * `generation` with each change of the spec; the operator's own status writes do not, and come back as changes, too. Of
 * these only fetched keys count.
 * Objects without uid and generation (from a folder) always count as changed.
 */
export function changesPolicy(before: SidegateObject, after: SidegateObject): boolean {
  const a = before.metadata;
  const b = after.metadata;
  return (
    a.uid === undefined ||
    a.uid !== b.uid ||
    a.generation === undefined ||
    a.generation !== b.generation ||
    a.deletionTimestamp !== b.deletionTimestamp ||
    keysOf(before) !== keysOf(after) ||
    !isDeepStrictEqual(a.annotations, b.annotations) ||
    !isDeepStrictEqual(a.ownerReferences, b.ownerReferences)
  );
}

/**
 * Brings the status and bookkeeping (resourceVersion, finalizers, labels) of an object that compilers and worlds hold up to
 * date, where `changesPolicy` is false.
 *
 * The object is changed in place, against its type: its identity is what indexes know it by, its spec stays the one copy
 * in memory, and nothing that is compiled from it depends on the two fields that are replaced.
 */
export function refresh(held: SidegateObject, newer: SidegateObject): void {
  const target = held as { metadata: SidegateObject["metadata"]; status?: SidegateObject["status"] };
  target.metadata = newer.metadata;
  if (newer.status === undefined) delete target.status;
  else target.status = newer.status;
}
