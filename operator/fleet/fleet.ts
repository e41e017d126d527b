import type { Position } from "../../engine/model/position.ts";

/** A policy that a sidecar decides by. */
export interface ActivePolicy {
  readonly revision: string;
  readonly epoch: number;
  readonly position: Position;
}

/** A policy that a sidecar refused. */
export interface RefusedPolicy {
  readonly revision: string;
  /** A registered code and a sentence, both as the sidecar sent them. */
  readonly code: string;
  readonly message: string;
  /** Times in a row that this revision was refused. */
  readonly times: number;
  /** When it is tried again, on the monotonic clock. */
  readonly until: number;
}

/** What a sidecar has of one domain; kept by its connection. */
export interface Holding {
  readonly domain: string;
  readonly active: ActivePolicy | undefined;
  readonly refused: RefusedPolicy | undefined;
  /** The revision that is being pushed to it, if one is: it may decide by that one by now. */
  readonly outstanding: string | undefined;
  /** Whether the sidecar has seen more than this replica. */
  readonly behind: boolean;
  /** Since when it may decide by another than the current revision, on the monotonic clock; undefined while it has that. */
  readonly lackingSince: number | undefined;
}

/** Who a sidecar is, as its token has proved. */
export interface VerifiedPeer {
  /** "system:serviceaccount:NAMESPACE:NAME" */
  readonly user: string;
  /** The pod that its token was made for; absent for a token that was made for none. */
  readonly pod?: { readonly namespace: string; readonly name: string; readonly uid: string };
}

/** A connected sidecar. */
export interface FleetMember {
  /**
   * What tells it from all others, at every replica: the uid of its pod (or else its user) and the name that it gives itself.
   * Where delivery is not authenticated, only that name.
   */
  readonly id: string;
  /** How people know it: "NAMESPACE/POD"; with its user, or alone, the name that it gives itself where no pod is proved. */
  readonly sidecar: string;
  /** Absent where delivery is not authenticated. */
  readonly verified?: VerifiedPeer;
  readonly version: string;
  readonly peer: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  /** When its last message came, on the monotonic clock. */
  readonly seenAt: number;
  readonly holdings: ReadonlyMap<string, Holding>;
}

/**
 * How a sidecar went: it said goodbye after it had stopped answering checks, so nobody needs to wait for it; or its stream
 * ended, and it may go on deciding by what it has.
 */
export type Departure = "goodbye" | "lost";

/** How far a domain's policy has come. */
export interface DomainSummary {
  /** Connected sidecars that want the domain. */
  readonly sidecars: number;
  /** Those that decide by the current revision. */
  readonly current: number;
  /** How many decide by which revision; "" stands for none. */
  readonly byRevision: ReadonlyMap<string, number>;
  /** Those that lack the current revision, the longest lacking first, at most 20. */
  readonly laggards: readonly {
    readonly sidecar: string;
    readonly lagMs: number;
    readonly refused?: string;
  }[];
}

const LAGGARDS = 20;

/** Who is connected to this replica and has what. Holds no history: a sidecar that is gone is gone. */
export class Fleet {
  readonly #members = new Set<FleetMember>();
  readonly #orders = new WeakMap<FleetMember, number>();
  #joined = 0;
  readonly #listeners = new Set<(domain: string) => void>();
  readonly #departures = new Set<(member: FleetMember, how: Departure) => void>();

  get size(): number {
    return this.#members.size;
  }

  members(): Iterable<FleetMember> {
    return this.#members;
  }

  /** Adds a sidecar; returns the way to remove it, of which the first call counts. */
  join(member: FleetMember): (how: Departure) => void {
    this.#members.add(member);
    this.#orders.set(member, ++this.#joined);
    for (const domain of member.holdings.keys()) this.changed(domain);
    return (how) => {
      if (!this.#members.delete(member)) return;
      for (const listener of [...this.#departures]) listener(member, how);
      for (const domain of member.holdings.keys()) this.changed(domain);
    };
  }

  /** Counts up with each stream: of two with the same id, the one with the higher number is the later. */
  orderOf(member: FleetMember): number {
    return this.#orders.get(member) ?? 0;
  }

  /** Calls `listener` with each sidecar that goes, before the domains' listeners. Returns the way to end it. */
  onDeparture(listener: (member: FleetMember, how: Departure) => void): () => void {
    this.#departures.add(listener);
    return () => void this.#departures.delete(listener);
  }

  /** Tells the listeners that what somebody has of a domain changed. */
  changed(domain: string): void {
    for (const listener of [...this.#listeners]) listener(domain);
  }

  /** Calls `listener` with a domain when a sidecar came, went, acknowledged or refused. Returns the way to end it. */
  subscribe(listener: (domain: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @param now on the monotonic clock */
  summary(domain: string, now: number): DomainSummary {
    const byRevision = new Map<string, number>();
    const lacking: { sidecar: string; lagMs: number; refused?: string }[] = [];
    let sidecars = 0;
    for (const { sidecar, holdings } of this.#members) {
      const holding = holdings.get(domain);
      if (holding === undefined) continue;
      sidecars++;
      const revision = holding.active?.revision ?? "";
      byRevision.set(revision, (byRevision.get(revision) ?? 0) + 1);
      if (holding.lackingSince === undefined) continue;
      const lagMs = now - holding.lackingSince;
      lacking.push({ sidecar, lagMs, ...(holding.refused && { refused: holding.refused.code }) });
    }
    lacking.sort((a, b) => b.lagMs - a.lagMs || (a.sidecar < b.sidecar ? -1 : 1));
    return { sidecars, current: sidecars - lacking.length, byRevision, laggards: lacking.slice(0, LAGGARDS) };
  }
}
