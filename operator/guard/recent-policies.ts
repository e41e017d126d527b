import type { Policy } from "../../engine/policy/policy.ts";

/** Changes within this time are judged together, in milliseconds. */
const WINDOW_MS = 60_000;

/** The policies that stood in the book within the last minute. */
export class RecentPolicies {
  /** Oldest first. The first may have been published earlier: it is what stood when the minute began. */
  #policies: { readonly policy: Policy; readonly at: number }[] = [];

  /** @param at on the monotonic clock */
  add(policy: Policy, at: number): void {
    this.#policies.push({ policy, at });
  }

  /** What was released is no part of later judgements. */
  restart(policy: Policy, at: number): void {
    this.#policies = [{ policy, at }];
  }

  clear(): void {
    this.#policies = [];
  }

  /** What stood a minute ago, or the first since; undefined where nothing did. @param now on the monotonic clock */
  baseline(now: number): Policy | undefined {
    while (this.#policies.length > 1 && this.#policies[1]!.at <= now - WINDOW_MS) this.#policies.shift();
    return this.#policies[0]?.policy;
  }

  get latest(): Policy | undefined {
    return this.#policies.at(-1)?.policy;
  }
}
