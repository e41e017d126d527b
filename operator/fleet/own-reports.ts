import { DOMAIN_NAME, domainSettings } from "../../engine/model/domain-settings.ts";
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
    const { fleet, clock } = this.#options;
    const now = clock.now();
    const staleSeconds = this.#bounds.longest(domain, this.#settings(domain).staleness.maxSeconds, now);
    return snapshotFleet({
      domain,
      members: fleet.members(),
      lost: this.memory.lostOf(domain, staleSeconds * 1000),
      departed: this.memory.departedOf(domain),
      published: this.#published(domain),
      ...{ staleSeconds, now, wallTime: clock.wallTime() },
    });
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
