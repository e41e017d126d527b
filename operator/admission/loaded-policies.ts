import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";

/** How long the policy of a domain stays loaded after the last write that was judged by it. */
const KEPT_MS = 300_000;

interface Loaded {
  policy: Policy;
  cancel: () => void;
}

/**
 * The policies that writes are judged by, loaded when the first write comes and kept while writes come: each shares with the one
 * before it what did not change.
 */
export class LoadedPolicies {
  readonly #clock: Clock;
  readonly #domains = new Map<string, Loaded>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The policy as loaded. @throws SidegateError as `Policy.load` */
  load(compiled: CompiledPolicy): Policy {
    const { domain, revision } = compiled;
    const known = this.#domains.get(domain);
    const policy = known?.policy.revision === revision ? known.policy : loadCompiled(compiled, known?.policy);
    known?.cancel();
    const cancel = this.#clock.after(KEPT_MS, () => void this.#domains.delete(domain));
    this.#domains.set(domain, { policy, cancel });
    return policy;
  }

  /** Loads a policy that is only supposed, and does not keep it. @throws SidegateError as `Policy.load` */
  loadBeside(compiled: CompiledPolicy): Policy {
    return loadCompiled(compiled, this.#domains.get(compiled.domain)?.policy);
  }

  /** Loads nothing any more, and keeps nothing. */
  stop(): void {
    for (const { cancel } of this.#domains.values()) cancel();
    this.#domains.clear();
  }
}
