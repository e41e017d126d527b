import type { effectiveReasons } from "../../engine/diagnose/problem.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { isTerminating } from "../../engine/model/world.ts";
import { finalizersFor, LEAVING, REVOCATION } from "../reconcile/finalizers.ts";
import type { Finding } from "../status-report.ts";
import { describeAwaited } from "./awaited-text.ts";
import type { Progress } from "./effective.ts";
import { effectiveCondition, isLatched } from "./latch.ts";

/** How long a status waits for a change to become effective, so that both are written at once, in milliseconds. */
const TOGETHER_MS = 500;
/** Whom a change waits for is looked at again after as long as it has waited, within these bounds, in milliseconds. */
const AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 30_000;

export interface EffectiveFinding {
  readonly finding: Finding & { readonly reason: keyof typeof effectiveReasons };
  /** When there may be more to say, in milliseconds: until then nothing should be written. */
  readonly holdMs: number;
  /** When whom it names may have changed, in milliseconds; undefined: it names nobody. */
  readonly againMs: number | undefined;
}

/** Whether what a person wants of a deletion is that the object counts no more anywhere. */
export function isRevoked({ kind }: Pick<SidegateObject, "kind">): boolean {
  return finalizersFor(kind).some((finalizer) => finalizer === REVOCATION || finalizer === LEAVING);
}

/**
 * What the condition Effective says of an object.
 *
 * @param isAccepted whether the object works as it is written
 * @param wallTimeAt turns an instant on the monotonic clock into milliseconds since 1970
 */
export function describeEffective(
  object: SidegateObject,
  isAccepted: boolean,
  progress: Progress,
  wallTimeAt: (at: number) => number,
): EffectiveFinding {
  const isGoing = isTerminating(object);
  if (!isAccepted && !isGoing) {
    return said("False", "NotAccepted", "What the condition Accepted names has no effect anywhere");
  }
  if (!progress.isEffective) {
    const { forMs, awaited } = progress;
    return {
      ...said("False", "Propagating", describeAwaited(awaited, wallTimeAt)),
      holdMs: Math.max(0, TOGETHER_MS - forMs),
      againMs: Math.min(LONGEST_AGAIN_MS, Math.max(AGAIN_MS, forMs)),
    };
  }
  if (isGoing && isRevoked(object)) return said("True", "Revoked", "No live sidecar honours it any more");
  const before = effectiveCondition(object);
  // What was said stays: sidecars that come and go do not change that it was effective.
  if (before !== undefined && isLatched(object)) {
    return said("True", before.reason as keyof typeof effectiveReasons, before.message);
  }
  if (!progress.hasSidecars) return said("True", "NoSidecars", "The domain has no live sidecar");
  return said("True", "Effective", "Every live sidecar decides by it");
}

function said(
  status: Finding["status"],
  reason: keyof typeof effectiveReasons,
  message: string,
): EffectiveFinding {
  return { finding: { status, reason, message }, holdMs: 0, againMs: undefined };
}
