import type { Policy } from "../../engine/policy/policy.ts";
import type { Freshness } from "../snapshot/freshness.ts";
import type { Policies } from "./check/decide-check.ts";

/** The policies as they are at the first look at each, so that all checks of a batch are decided by the same. */
export function pinPolicies(policies: Policies): Policies {
  const held = new Map<string, Policy | undefined>();
  const freshness = new Map<string, Freshness>();
  return {
    sole: policies.sole,
    domains: () => policies.domains(),
    get: (domain) => remember(held, domain, () => policies.get(domain)),
    freshness: (domain, wall) => remember(freshness, domain, () => policies.freshness(domain, wall)),
  };
}

function remember<T>(known: Map<string, T>, domain: string, look: () => T): T {
  if (known.has(domain)) return known.get(domain) as T;
  const found = look();
  known.set(domain, found);
  return found;
}
