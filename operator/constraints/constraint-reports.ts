/**
 * What constraints void or miss in each domain, kept up with the published policies.
 *
 * After each publication the organizations whose part of the policy changed are looked at again, one in each turn of the
 * event loop; all of them where the model, the grants at Platform or the groups changed. A binding that begins or ends
 * brings its organization back by itself.
 */

import type { Logger } from "pino";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import type { YieldingDefault } from "../../engine/defaults/yielding-in.ts";
import type { Shortage } from "../../engine/delegate/min-holders.ts";
import type { VoidedGrant } from "../../engine/diagnose/voided-grants.ts";
import type { World } from "../../engine/model/world.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { type Clock, pause } from "../../host/clock.ts";
import { type OrganizationReport, reportOn } from "./organization-report.ts";

/** An object about which there is something new to say. */
export interface ReportedObject {
  readonly kind: "AccessConstraint" | "AccessRoleBinding" | "Membership";
  readonly name: string;
}

export interface ConstraintReportsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly worldOf: (domain: string) => World | undefined;
  readonly current: (domain: string) => CompiledPolicy | undefined;
  /** Told of the objects of a domain whose report changed. */
  readonly onChange: (domain: string, objects: readonly ReportedObject[]) => void;
}

/** All that there is to say about one object. */
export interface ObjectReport {
  readonly voided: readonly VoidedGrant[];
  readonly shortages: readonly Shortage[];
  /** Of a Membership: the default bindings that yield. */
  readonly yielding: readonly YieldingDefault[];
}

/** Platform among organizations, whose names are never empty. */
const PLATFORM = "";

const NOTHING: ObjectReport = { voided: [], shortages: [], yielding: [] };

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
    if (entry === undefined) return NOTHING;
    entry.byObject ??= arrange(entry.reports.values());
    return entry.byObject.get(`${kind}/${name}`) ?? NOTHING;
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

/** Timers take no more than 2^31 ms, and the wall clock may be set. */
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

interface GrowingReport extends ObjectReport {
  readonly voided: VoidedGrant[];
  readonly shortages: Shortage[];
  readonly yielding: YieldingDefault[];
}

function arrange(reports: Iterable<OrganizationReport>): Map<string, ObjectReport> {
  const byObject = new Map<string, GrowingReport>();
  const about = (kind: ReportedObject["kind"], name: string): GrowingReport => {
    const key = `${kind}/${name}`;
    const known = byObject.get(key) ?? { voided: [], shortages: [], yielding: [] };
    byObject.set(key, known);
    return known;
  };
  for (const { voided, shortages, yielding } of reports) {
    for (const grant of voided) {
      about("AccessConstraint", grant.constraint).voided.push(grant);
      about("AccessRoleBinding", grant.binding).voided.push(grant);
    }
    for (const shortage of shortages) about("AccessConstraint", shortage.constraint).shortages.push(shortage);
    for (const given of yielding) about("Membership", given.membership).yielding.push(given);
  }
  return byObject;
}

function changedOrganizations(before: Policy | undefined, after: Policy): Set<string> {
  const old = new Map(before?.manifest.shards.map(({ id, hash }) => [id, hash]));
  const changed = new Set<string>();
  for (const { id, hash } of after.manifest.shards) {
    if (old.get(id) === hash) {
      old.delete(id);
      continue;
    }
    old.delete(id);
    if (isForAll(id))
      return new Set([PLATFORM, ...after.organizations.keys(), ...(before?.organizations.keys() ?? [])]);
    if (id.startsWith(ORGANIZATION)) changed.add(id.slice(ORGANIZATION.length));
  }
  for (const id of old.keys()) {
    if (isForAll(id)) return new Set([PLATFORM, ...after.organizations.keys()]);
    if (id.startsWith(ORGANIZATION)) changed.add(id.slice(ORGANIZATION.length));
  }
  return changed;
}

const ORGANIZATION = "organization/";

/** Whether a shard matters to all organizations: settings and roles, grants at Platform, groups. */
function isForAll(id: string): boolean {
  return id === "model" || id === "platform" || id.startsWith("subjects/");
}

function isSame(a: OrganizationReport | undefined, b: OrganizationReport): boolean {
  const said = ({ voided, yielding, shortages }: OrganizationReport) => [voided, yielding, shortages];
  if (a === undefined) return said(b).every((list) => list.length === 0);
  return JSON.stringify(said(a)) === JSON.stringify(said(b));
}

function reportedObjects({ voided, yielding, shortages }: OrganizationReport): ReportedObject[] {
  return [
    ...shortages.map(({ constraint }): ReportedObject => ({ kind: "AccessConstraint", name: constraint })),
    ...voided.flatMap(({ constraint, binding }): ReportedObject[] => [
      { kind: "AccessConstraint", name: constraint },
      { kind: "AccessRoleBinding", name: binding },
    ]),
    ...yielding.map(({ membership }): ReportedObject => ({ kind: "Membership", name: membership })),
  ];
}
