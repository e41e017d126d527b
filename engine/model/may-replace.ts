import { hasReached, type Position } from "./position.ts";

/** How far a policy has read. */
export interface Progressed {
  readonly epoch: number;
  readonly position: Position;
}

/**
 * Whether a policy may follow the one in use. INVARIANT: at the same epoch no position ever goes back, in any kind, so
 * that a revocation once in force stays in force. A higher epoch lets positions start again. The operator sends nothing
 * else, and the sidecar takes nothing else.
 */
export function mayReplace(current: Progressed | undefined, next: Progressed): boolean {
  if (current === undefined || next.epoch > current.epoch) return true;
  return next.epoch === current.epoch && hasReached(next.position, current.position);
}
