import type { Position } from "../../engine/model/position.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { WaitingPolicies } from "../api/await-position.ts";
import type { Freshness } from "../snapshot/freshness.ts";
import type { Snapshots } from "../snapshot/snapshots.ts";
import type { Verdict } from "./caller-book.ts";
import type { FollowedDomain } from "./domain-book.ts";
import type { Awaited } from "./first-questions.ts";

/** Thrown where an answer needs something of a domain that is not there yet; the work is done again once it is. */
export class DomainNeeded extends Error implements Awaited {
  readonly domain: string;
  readonly what: Awaited["what"];

  constructor(domain: string, what: Awaited["what"]) {
    super(`The ${what} of domain "${domain}" is needed`);
    this.domain = domain;
    this.what = what;
  }
}

/** What is known for one caller. */
export interface CallerSources {
  /** What was said of the caller and a domain; undefined: nothing yet. */
  known(domain: string): Verdict | undefined;
  /** A domain that is in use from now on; undefined: it is not followed yet. */
  use(domain: string): FollowedDomain | undefined;
  /** The domains that are followed. */
  followed(): Iterable<string>;
}

/**
 * The policies of a node's sidecar as one caller sees them. INVARIANT: all that doors learn of a domain goes through here, so
 * none answers about a domain that its caller may not ask about.
 */
export class CallerPolicies implements WaitingPolicies {
  /** The domain of the caller's namespace: that of questions which name none. */
  readonly sole: string;
  readonly #sources: CallerSources;

  constructor(sole: string, sources: CallerSources) {
    this.sole = sole;
    this.#sources = sources;
  }

  /** Those that the caller has asked about, with the one of its namespace. */
  *domains(): Iterable<string> {
    yield this.sole;
    for (const domain of this.#sources.followed()) {
      const verdict = this.#sources.known(domain);
      if (domain !== this.sole && verdict !== undefined && verdict.refusal === undefined) yield domain;
    }
  }

  get(domain: string): Policy | undefined {
    return this.#snapshots(domain).get(domain);
  }

  freshness(domain: string, wall: number): Freshness {
    return this.#snapshots(domain).freshness(domain, wall);
  }

  async waitFor(domain: string, minimum: Position, deadline: number, signal?: AbortSignal): Promise<Policy> {
    return this.#snapshots(domain).waitFor(domain, minimum, deadline, signal);
  }

  /** Throws DomainNeeded, and SG3302 or SG3303 where the caller may not ask. */
  #snapshots(domain: string): Snapshots {
    const verdict = this.#sources.known(domain);
    if (verdict === undefined) throw new DomainNeeded(domain, "verdict");
    if (verdict.refusal !== undefined) throw verdict.refusal;
    const followed = this.#sources.use(domain);
    // One from disk that nobody has confirmed would only be answered with Stale.
    if (!followed?.isSettled && followed?.follower.snapshots.contact(domain) === undefined)
      throw new DomainNeeded(domain, "policy");
    return (followed as FollowedDomain).follower.snapshots;
  }
}
