/**
 * Sidecars that were connected to this replica and are not any more, for as long as it matters to others.
 *
 *   lost      its stream ended without a goodbye: it may go on deciding by what it had, until its bound is over
 *   departed  it said goodbye: for a minute, so that the leader, who may have missed it, does not take it as lost
 *
 *   Both end when it connects again, here or at another replica.
 */
import type { Clock } from "../../host/clock.ts";
import type { ReplicaReport } from "../effective/replica-report.ts";
import type { ActivePolicy, Fleet, FleetMember } from "./fleet.ts";
import { shortIdOf } from "./sidecar-id.ts";

export interface LostSidecar {
  readonly sidecar: string;
  readonly active: ActivePolicy | undefined;
  readonly isSettled: boolean;
  /** When it went, on the monotonic clock. */
  readonly at: number;
  /** Of the stream that it had here; see Fleet. */
  readonly order: number;
}

interface Gone {
  readonly lost: Map<string, LostSidecar>;
  /** By id, when it went, on the monotonic clock. */
  readonly departed: Map<string, number>;
}

const DEPARTED_MS = 60_000;
/** As many as a replica may have; beyond it the oldest are forgotten. */
const MAX_DEPARTED = 2_000;

export class FleetMemory {
  readonly #clock: Clock;
  readonly #fleet: Fleet;
  readonly #domains = new Map<string, Gone>();
  readonly #unsubscribe: () => void;

  constructor(fleet: Fleet, clock: Clock) {
    this.#clock = clock;
    this.#fleet = fleet;
    this.#unsubscribe = fleet.onDeparture((member, how) => {
      for (const domain of member.holdings.keys()) this.#forget(domain, member, how === "goodbye");
    });
  }

  /** Domains of which somebody is remembered. */
  domains(): Iterable<string> {
    return this.#domains.keys();
  }

  /** Those that are lost, by id. @param staleMs how long each may go on */
  lostOf(domain: string, staleMs: number): ReadonlyMap<string, LostSidecar> {
    const gone = this.#domains.get(domain);
    if (gone === undefined) return new Map();
    this.#forgetConnected(domain, gone);
    const since = this.#clock.now() - staleMs;
    for (const [id, { at }] of gone.lost) if (at < since) gone.lost.delete(id);
    return gone.lost;
  }

  departedOf(domain: string): string[] {
    const gone = this.#domains.get(domain);
    if (gone === undefined) return [];
    this.#forgetConnected(domain, gone);
    const since = this.#clock.now() - DEPARTED_MS;
    for (const [id, at] of gone.departed) if (at < since) gone.departed.delete(id);
    if (gone.lost.size + gone.departed.size === 0) this.#domains.delete(domain);
    return [...gone.departed.keys()];
  }

  /** Takes those over whom an earlier process of this name had. */
  inherit({ domains }: ReplicaReport): void {
    const at = this.#clock.now();
    for (const [domain, { groups, laggards }] of domains) {
      const names = new Map(laggards.map(({ id, sidecar }) => [id, sidecar]));
      for (const { active, isSettled, connected, lost } of groups) {
        for (const id of [...connected, ...lost]) {
          this.#of(domain).lost.set(id, { sidecar: names.get(id) ?? "", active, isSettled, at, order: 0 });
        }
      }
    }
  }

  /** Forgets those who have connected since: here, or at another replica that did not list them before. */
  seen(domain: string, ids: Iterable<string>): void {
    const gone = this.#domains.get(domain);
    if (gone === undefined || gone.lost.size + gone.departed.size === 0) return;
    for (const id of ids) {
      gone.lost.delete(id);
      gone.departed.delete(id);
    }
  }

  stop(): void {
    this.#unsubscribe();
  }

  #forget(domain: string, member: FleetMember, isDeparture: boolean): void {
    const id = shortIdOf(member);
    const order = this.#fleet.orderOf(member);
    // It has connected again before the old stream was known to be broken; that stream may even have ended first.
    if ((this.#domains.get(domain)?.lost.get(id)?.order ?? 0) > order) return;
    for (const other of this.#fleet.members()) {
      const isLater = other.id === member.id && this.#fleet.orderOf(other) > order;
      if (isLater && other.holdings.has(domain)) return;
    }
    const { lost, departed } = this.#of(domain);
    const at = this.#clock.now();
    if (isDeparture) {
      lost.delete(id);
      departed.set(id, at);
      const [oldest] = departed.keys();
      if (departed.size > MAX_DEPARTED && oldest !== undefined) departed.delete(oldest);
      return;
    }
    departed.delete(id);
    const holding = member.holdings.get(domain);
    const isSettled = holding?.outstanding === undefined;
    lost.set(id, { sidecar: member.sidecar, active: holding?.active, isSettled, at, order });
  }

  /** What the stream says that somebody has by now is what counts of them, whatever they had before. */
  #forgetConnected(domain: string, { lost, departed }: Gone): void {
    if (lost.size + departed.size === 0) return;
    for (const member of this.#fleet.members()) {
      if (!member.holdings.has(domain)) continue;
      const id = shortIdOf(member);
      departed.delete(id);
      if ((lost.get(id)?.order ?? Infinity) < this.#fleet.orderOf(member)) lost.delete(id);
    }
  }

  #of(domain: string): Gone {
    let gone = this.#domains.get(domain);
    if (gone === undefined) this.#domains.set(domain, (gone = { lost: new Map(), departed: new Map() }));
    return gone;
  }
}
