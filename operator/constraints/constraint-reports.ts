/**
 * What constraints void or miss in each domain, kept up with the published policies.
 *
 * After each publication the organizations whose part of the policy changed are looked at again, one in each turn of the
 * event loop; all of them where the model, the grants at Platform or the groups changed. A binding that begins or ends
 * brings its organization back by itself.
 */

import type { Logger } from "pino";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import type { World } from "../../engine/model/world.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { type Clock, pause } from "../../host/clock.ts";
import { changedOrganizations, PLATFORM } from "./changed-organizations.ts";
import {
  isSame,
  NO_REPORT,
  type ObjectReport,
  type ReportedObject,
  reportedObjects,
  reportsByObject,
} from "./object-report.ts";
import { type OrganizationReport, reportOn } from "./organization-report.ts";

export interface ConstraintReportsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly worldOf: (domain: string) => World | undefined;
  readonly current: (domain: string) => CompiledPolicy | undefined;
  /** Told of the objects of a domain whose report changed. */
  readonly onChange: (domain: string, objects: readonly ReportedObject[]) => void;
}

interface DomainReports {
  policy: Policy;
  readonly reports: Map<string, OrganizationReport>;
  /** Organizations to look at again. */
  readonly stale: Set<string>;
  /** The reports by object, put together when the first object asks after a change. */
  byObject: Map<string, ObjectReport> | undefined;
  isRunning: boolean;
  cancel: (() => void) | undefined;
}

export class ConstraintReports {
  readonly #options: ConstraintReportsOptions;
  readonly #domains = new Map<string, DomainReports>();
  readonly #stop = new AbortController();

  constructor(options: ConstraintReportsOptions) {
    this.#options = options;
  }

  /**
   * The policy of a domain that reports are made from; undefined where it has no constraints that need looking at, or none
   * was published yet.
   */
  policyOf(domain: string): Policy | undefined {
    return this.#domains.get(domain)?.policy;
  }

  /** What there is to say about an object. */
  reportOf(domain: string, { kind, name }: ReportedObject): ObjectReport {
    const entry = this.#domains.get(domain);
    if (entry === undefined) return NO_REPORT;
    entry.byObject ??= reportsByObject(entry.reports.values());
    return entry.byObject.get(`${kind}/${name}`) ?? NO_REPORT;
  }

  /** Whether reports say how things stand: all that was published has been looked at. */
  isSettled(domain: string): boolean {
    const entry = this.#domains.get(domain);
    if (entry !== undefined) return entry.stale.size === 0 && !entry.isRunning;
    const world = this.#options.worldOf(domain);
    return world === undefined || !needsReports(world);
  }

  /** Looks at what changed with the policy that a domain has now. */
  published(domain: string): void {
    const compiled = this.#options.current(domain);
    const world = this.#options.worldOf(domain);
    if (compiled === undefined || world === undefined || this.#stop.signal.aborted) return;
    const before = this.#domains.get(domain);
    if (before?.policy.revision === compiled.revision) return;
    if (!needsReports(world)) {
      if (before !== undefined) this.#forget(domain, before);
      return;
    }
    const policy = loadCompiled(compiled, before?.policy);
    const entry: DomainReports = before ?? {
      policy,
      reports: new Map(),
      stale: new Set(),
      byObject: undefined,
      isRunning: false,
      cancel: undefined,
    };
    for (const organization of changedOrganizations(before?.policy, policy)) entry.stale.add(organization);
    entry.policy = policy;
    this.#domains.set(domain, entry);
    void this.#run(domain, entry);
  }

  stop(): void {
    this.#stop.abort();
    for (const { cancel } of this.#domains.values()) cancel?.();
  }

  #forget(domain: string, entry: DomainReports): void {
    entry.cancel?.();
    entry.stale.clear();
    this.#domains.delete(domain);
    this.#options.onChange(domain, [...entry.reports.values()].flatMap(reportedObjects));
  }

  async #run(domain: string, entry: DomainReports): Promise<void> {
    if (entry.isRunning) return;
    entry.isRunning = true;
    const { clock, logger, worldOf, onChange } = this.#options;
    const { signal } = this.#stop;
    while (entry.stale.size > 0) {
      await pause(clock, 0, signal);
      const [organization] = entry.stale as Set<string> & Iterable<string>;
      const world = worldOf(domain);
      if (organization === undefined || world === undefined || signal.aborted) break;
      entry.stale.delete(organization);
      try {
        const changed = this.#lookAt(world, entry, organization);
        if (changed.length > 0) onChange(domain, changed);
      } catch (error) {
        logger.error({ domain, organization, err: error }, "Looking for voided grants failed");
      }
    }
    entry.isRunning = false;
    if (this.#domains.get(domain) !== entry || signal.aborted) return;
    onChange(domain, constraintsOf(worldOf(domain)));
    this.#awaitEdge(domain, entry);
  }

  /** @returns the objects about which there is something new to say */
  #lookAt(world: World, entry: DomainReports, organization: string): ReportedObject[] {
    const { policy, reports } = entry;
    const name = organization === PLATFORM ? undefined : organization;
    const before = reports.get(organization);
    const now = this.#options.clock.wallTime();
    const report = reportOn(world, policy, name, now);
    if (name !== undefined && !policy.organizations.has(name)) reports.delete(organization);
    else reports.set(organization, report);
    entry.byObject = undefined;
    if (isSame(before, report)) return [];
    return [...(before === undefined ? [] : reportedObjects(before)), ...reportedObjects(report)];
  }

  #awaitEdge(domain: string, entry: DomainReports): void {
    entry.cancel?.();
    let next = Number.POSITIVE_INFINITY;
    for (const { until } of entry.reports.values()) next = Math.min(next, until);
    if (next === Number.POSITIVE_INFINITY || this.#stop.signal.aborted) return;
    const { clock } = this.#options;
    const wait = Math.min(Math.max(0, next - clock.wallTime()), LONGEST_WAIT_MS);
    entry.cancel = clock.after(wait, () => {
      const now = clock.wallTime();
      for (const [organization, { until }] of entry.reports) if (until <= now) entry.stale.add(organization);
      void this.#run(domain, entry);
    });
  }
}

/** The wall clock may be set. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;

function constraintsOf(world: World | undefined): ReportedObject[] {
  return [...(world?.list("AccessConstraint") ?? [])].map(({ kind, metadata }) => ({
    kind,
    name: metadata.name,
  }));
}

function needsReports(world: World): boolean {
  for (const { spec } of world.listLive("AccessConstraint"))
    if (spec.separationOfDuty?.mode !== "Dynamic") return true;
  return false;
}
