import { hasReached, type Position } from "../../engine/model/position.ts";
import { serverLimits } from "../../engine/model/server-limits.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { CheckRequest } from "../../proto/generated/decision.js";
import { answerBy } from "./answer-by.ts";
import type { Call } from "./call.ts";
import { domainOf, type Policies, readRequest } from "./check/decide-check.ts";
import { readMinPosition } from "./min-position.ts";

/** What waiting needs of the snapshots. */
export interface WaitingPolicies extends Policies {
  /** @param deadline milliseconds since 1970 */
  waitFor(domain: string, minimum: Position, deadline: number, signal?: AbortSignal): Promise<Policy>;
}

/** What a check has to wait for. */
export interface MissingPosition {
  readonly domain: string;
  readonly minimum: Position;
}

/**
 * What a check has to wait for, or undefined where the policy is there already or the check ends before that is asked
 * (semantics, section 5): without a policy, or with one that is too old. Throws a RequestError for a malformed check.
 */
export function missingPosition(
  policies: Policies,
  check: CheckRequest,
  wall: number,
): MissingPosition | undefined {
  if (check.minPosition.length === 0) return undefined;
  const minimum = readMinPosition(check.minPosition);
  const domain = domainOf(policies, check);
  readRequest(check, false);
  const policy = policies.get(domain);
  if (policy === undefined || !policies.freshness(domain, wall).fresh) return undefined;
  return hasReached(policy.position, minimum) ? undefined : { domain, minimum };
}

/**
 * Resolves once the policy has reached the position. Rejects with SG3003 when that takes longer than the call may, and
 * when too many calls wait.
 */
export async function awaitPosition(
  policies: WaitingPolicies,
  { domain, minimum }: MissingPosition,
  call: Call,
  wall: number,
): Promise<void> {
  const { deadline, signal } = call;
  const until = deadline === Infinity ? wall + serverLimits.patienceMs : answerBy(deadline, wall);
  await policies.waitFor(domain, minimum, until, signal);
}
