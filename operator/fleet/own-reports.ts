import { DOMAIN_NAME, domainSettings } from "../../engine/model/domain-settings.ts";
import { compareResourceVersions } from "../../engine/model/position.ts";
import type { Clock } from "../../host/clock.ts";
import type { Domains } from "../domains.ts";
import type { DomainReport, ReplicaReport } from "../effective/replica-report.ts";
import type { Guard } from "../guard/guard.ts";
import type { PolicyBook } from "../policy-book.ts";
import type { ActivePolicy, Fleet } from "./fleet.ts";
import { FleetMemory } from "./fleet-memory.ts";
import { snapshotFleet } from "./snapshot-fleet.ts";
import { StaleBounds } from "./stale-bounds.ts";

export interface OwnReportsOptions {
  /** The name of this replica. */
  readonly replica: string;
  readonly domains: Pick<Domains, "names" | "worldOf" | "isCurrent" | "position">;
  readonly book: PolicyBook;
  readonly fleet: Fleet;
  readonly guard: Pick<Guard, "holdOf">;
  readonly clock: Clock;
}

/** What this replica can say of its sidecars at any instant. */
export class OwnReports {
  readonly replica: string;
  readonly memory: FleetMemory;
  readonly #options: OwnReportsOptions;
  readonly #bounds = new StaleBounds();

  constructor(options: OwnReportsOptions) {
    this.#options = options;
    this.replica = options.replica;
    this.memory = new FleetMemory(options.fleet, options.clock);
  }

  /** Takes over whom an earlier process of this name had, and for how long they may go on. */
  inherit(earlier: ReplicaReport): void {
    this.memory.inherit(earlier);
    for (const [domain, { staleSeconds }] of earlier.domains) this.#bounds.inherit(domain, staleSeconds);
  }

  /** All of it: the domains that have sidecars, and those where what was read is not what is published. */
  report(): ReplicaReport {
    const { domains, fleet, book, guard } = this.#options;
    const listed = new Set(this.memory.domains());
    for (const { holdings } of fleet.members()) for (const domain of holdings.keys()) listed.add(domain);
    for (const domain of domains.names()) {
      const isPublished = domains.isCurrent(domain) && book.current(domain) !== undefined;
      const isPlain = isPublished && guard.holdOf(domain) === undefined && this.#settings(domain).epoch === 0;
      if (!isPlain) listed.add(domain);
    }
    return {
      replica: this.replica,
      position: { ...domains.position },
      domains: new Map([...listed].sort().map((domain) => [domain, this.of(domain)])),
    };
  }

  /** What there is to say of one domain. */
  of(domain: string): DomainReport {
    const { fleet, clock, domains } = this.#options;
    const now = clock.now();
    const { maxSeconds } = this.#settings(domain).staleness;
    const position = { read: domains.position.AccessDomain ?? "0", least: this.#leastRead(domain) };
    const staleSeconds = this.#bounds.longest(domain, maxSeconds, position, now);
    return snapshotFleet({
      domain,
      members: fleet.members(),
      lost: this.memory.lostOf(domain, staleSeconds * 1000),
      departed: this.memory.departedOf(domain),
      published: this.#published(domain),
      ...{ staleSeconds, now, wallTime: clock.wallTime() },
    });
  }

  /** The least that somebody who decides has read of AccessDomains, where the bound stands. */
  #leastRead(domain: string): string {
    const { fleet, domains } = this.#options;
    let least = domains.position.AccessDomain ?? "0";
    const look = (active: ActivePolicy | undefined) => {
      const read = active?.position.AccessDomain ?? "0";
      if (active !== undefined && compareResourceVersions(read, least) < 0) least = read;
    };
    for (const { holdings } of fleet.members()) look(holdings.get(domain)?.active);
    for (const { active } of this.memory.lostOf(domain, Number.POSITIVE_INFINITY).values()) look(active);
    return least;
  }

  #published(domain: string): ActivePolicy {
    const { book, domains } = this.#options;
    const policy = book.current(domain);
    if (policy === undefined) {
      return { revision: "", epoch: this.#settings(domain).epoch, position: { ...domains.position } };
    }
    const { revision, epoch, position } = policy;
    return { revision, epoch, position };
  }

  #settings(domain: string) {
    return domainSettings(this.#options.domains.worldOf(domain)?.live("AccessDomain", DOMAIN_NAME));
  }
}
