import type { Position } from "../../engine/model/position.ts";

/** The policy that stays in use while a newer one is held back. */
export interface ReleasedPolicy {
  readonly revision: string;
  readonly epoch: number;
  readonly position: Position;
}

/** What is held back in a domain. */
export interface Hold {
  /** The revision that is held back. */
  readonly revision: string;
  /** Grants, and members of groups, before the changes. */
  readonly total: number;
  /** Those that the changes would take away. */
  readonly revoked: number;
  readonly maxRevokedPercent: number;
  readonly released: ReleasedPolicy;
  /** Whether the operator started after the hold began, so that it can confirm the policy in use but not send it. */
  readonly isInherited: boolean;
}

/** Below this many grants nothing is held: there, single changes are large shares. */
export const MIN_GUARDED_GRANTS = 20;

/** Set on the AccessDomain to the revision that is to be released, or its first characters. */
export const RELEASE_ANNOTATION = "sidegate.dev/release-held";

/** Characters of a revision that name it. */
export const REVISION_PREFIX = 12;

/** Whether so much is taken away that it is held back. */
export function isTooMuch(total: number, revoked: number, maxRevokedPercent: number): boolean {
  return total > MIN_GUARDED_GRANTS && revoked * 100 > maxRevokedPercent * total;
}

/** Whether an annotation names this revision. */
export function releases(annotation: string | undefined, revision: string): boolean {
  return annotation !== undefined && annotation.length >= REVISION_PREFIX && revision.startsWith(annotation);
}
