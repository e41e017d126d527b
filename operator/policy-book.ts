import type { CompiledPolicy } from "../engine/compile/compiled-policy.ts";

/** What is current in each domain: written by the compiler's side, read by delivery. */
export interface PolicyBook {
  /** The domains that have a policy. */
  domains(): Iterable<string>;
  current(domain: string): CompiledPolicy | undefined;
  /**
   * Calls `listener` with the domain after each publication or removal, in the same turn. Returns the function that ends
   * the subscription. Listeners must not throw.
   */
  subscribe(listener: (domain: string) => void): () => void;
  /** Makes a policy the current one of its domain. The same revision with another position is progress without content. */
  publish(policy: CompiledPolicy): void;
  remove(domain: string): void;
}

/**
 * A policy book in memory.
 *
 * @param mayTell whether the book may be believed at this instant; while not, it seems to be empty. Default: always
 */
export function createPolicyBook(mayTell: () => boolean = () => true): PolicyBook {
  const policies = new Map<string, CompiledPolicy>();
  const listeners = new Set<(domain: string) => void>();

  const tell = (domain: string) => {
    for (const listener of [...listeners]) listener(domain);
  };

  return {
    domains: () => [...policies.keys()],
    current: (domain) => (mayTell() ? policies.get(domain) : undefined),
    subscribe(listener) {
      // A wrapper of its own for each subscription, so that one function may subscribe twice and leave once.
      const subscription = (domain: string) => listener(domain);
      listeners.add(subscription);
      return () => void listeners.delete(subscription);
    },
    publish(policy) {
      policies.set(policy.domain, policy);
      tell(policy.domain);
    },
    remove(domain) {
      if (policies.delete(domain)) tell(domain);
    },
  };
}
