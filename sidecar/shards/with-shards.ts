import { gatherKeys } from "../../engine/decide/gather-keys.ts";
import { KeySet } from "../../engine/decide/key-set.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { resolveScope } from "../../engine/decide/resolve-scope.ts";
import { ShardNeeded } from "../../engine/policy/organizations.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { answerBy } from "../api/answer-by.ts";
import type { Patience } from "./loader.ts";
import { OrganizationsOnDemand } from "./organizations-on-demand.ts";
import { PinnedOrganizations } from "./pinned-organizations.ts";
import { ShardGone } from "./shard-source.ts";

/**
 * Work that found a shard missing, done again until it has all it needs.
 *
 * @param work gets the same policy, with what has been loaded for it. It has no effects unless it succeeds
 */
export async function onceLoaded<T>(
  policy: Policy,
  patience: Patience,
  work: (policy: Policy) => T,
): Promise<T> {
  return workWith(pinned(policy), patience, work);
}

/**
 * The policy for a list or another long work about a request: with all that its subject and its scope ask for, so that only
 * what is looked at beyond must be awaited on the way. A policy whose organizations are all in memory as it is.
 *
 * @param now milliseconds since 1970
 */
export async function settled(
  policy: Policy,
  request: DecisionRequest,
  now: number,
  patience: Patience,
): Promise<Policy> {
  if (policy.organizations.isResident) return policy;
  const view = pinned(policy);
  await workWith(view, patience, (held) => {
    gatherKeys(new KeySet(), held, request, now);
    resolveScope(held, request.scope);
  });
  if (view.organizations instanceof PinnedOrganizations) view.organizations.keep();
  return view;
}

/** How long a call waits for shards. @param wall milliseconds since 1970 */
export function patienceOf({ deadline, signal }: Patience, wall: number): Patience {
  return { deadline: answerBy(deadline, wall), signal };
}

/** Loads what work that yielded is waiting for, if anything. */
export function awaitShards({ organizations }: Policy, patience: Patience): Promise<void> | undefined {
  if (!(organizations instanceof PinnedOrganizations) || organizations.needed === undefined) return undefined;
  return organizations.load(patience);
}

/** Answers tried by newer policies, at most. */
const TRIES = 3;

/**
 * Answers a request by one policy. Where shards of that one are gone, a newer one is in use, and the request starts anew by
 * it.
 *
 * @param answer looks the policy up itself; told whether it is tried for the last time
 */
export async function byOnePolicy<T>(answer: (isLast: boolean) => T | Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await answer(tries === TRIES);
    } catch (error) {
      if (!(error instanceof ShardGone) || tries === TRIES) throw error;
    }
  }
}

/** The same after the first try. @param error why that failed; thrown again unless shards were gone */
export function onNewerPolicy<T>(error: unknown, answer: () => T | Promise<T>): Promise<T> {
  if (!(error instanceof ShardGone)) throw error;
  return byOnePolicy(answer);
}

function pinned(policy: Policy): Policy {
  const { organizations } = policy;
  return organizations instanceof OrganizationsOnDemand
    ? policy.withOrganizations(organizations.pinned())
    : policy;
}

async function workWith<T>(policy: Policy, patience: Patience, work: (policy: Policy) => T): Promise<T> {
  for (;;) {
    policy.organizations.begin();
    try {
      return work(policy);
    } catch (error) {
      if (!(error instanceof ShardNeeded)) throw error;
    }
    await awaitShards(policy, patience);
  }
}
