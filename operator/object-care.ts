import type { Logger } from "pino";
import { diagnose } from "../engine/diagnose/diagnose.ts";
import { DOMAIN_NAME } from "../engine/model/domain-settings.ts";
import type { Clock } from "../host/clock.ts";
import { ConstraintReports } from "./constraints/constraint-reports.ts";
import type { Domains } from "./domains.ts";
import type { Duty } from "./duty.ts";
import { describeAwaited } from "./effective/awaited-text.ts";
import { Effective, type EffectiveOptions } from "./effective/effective.ts";
import type { EventRecorder } from "./events/event-recorder.ts";
import { recordHold } from "./events/record-hold.ts";
import { recordLate } from "./events/record-late.ts";
import type { Fleet } from "./fleet/fleet.ts";
import type { OwnReports } from "./fleet/own-reports.ts";
import type { Guard } from "./guard/guard.ts";
import type { FetchKeys } from "./keys/fetch-keys.ts";
import { followAll, followChange } from "./keys/follow-policies.ts";
import { KeyKeeper } from "./keys/key-keeper.ts";
import type { KubeApi } from "./kube/kube-api.ts";
import type { PolicyBook } from "./policy-book.ts";
import { Reconciler } from "./reconcile/reconciler.ts";

export interface ObjectCareOptions {
  /** Its writes end with the term of leadership. */
  readonly api: KubeApi;
  readonly domains: Domains;
  readonly book: PolicyBook;
  readonly guard: Guard;
  readonly events: EventRecorder;
  readonly fleet: Fleet;
  readonly own: OwnReports;
  /** Absent: this is the only replica. */
  readonly others?: EffectiveOptions["others"];
  readonly fetchKeys: FetchKeys;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

/**
 * The care for Sidegate's own objects: statuses, default bindings, finalizers; with what constraints void, which keys issuers
 * publish and how far changes have come, since statuses say all that.
 */
export function createObjectCare(options: ObjectCareOptions): Duty {
  const { api, domains, book, guard, events, fleet, own, others, fetchKeys, clock, random, logger } = options;
  const keys = new KeyKeeper({
    fetch: fetchKeys,
    ...{ clock, random, logger },
    onNews: (domain, name) => reconciler.reported(domain, [{ kind: "TokenPolicy", name }]),
  });
  const constraints = new ConstraintReports({
    clock,
    logger,
    worldOf: (domain) => domains.worldOf(domain),
    current: (domain) => book.current(domain),
    onChange: (domain, objects) => reconciler.reported(domain, objects),
  });
  const effective = new Effective({
    ...{ domains, book, fleet, own, others, clock },
    onNews: (domain, objects) => reconciler.reported(domain, objects),
    onLate: (domain, objects, awaited) => {
      const wallTimeAt = (at: number) => clock.wallTime() + at - clock.now();
      recordLate(events, domains.worldOf(domain), objects, describeAwaited(awaited, wallTimeAt));
    },
    onProgress: (domain) => reconciler.reported(domain, [{ kind: "AccessDomain", name: DOMAIN_NAME }]),
  });
  const reconciler = new Reconciler({
    ...{ api, clock, logger, domains, diagnose, constraints, keys, effective, guard, events },
    revisionOf: (domain) => book.current(domain)?.revision,
  });
  const held = new Set<string>();
  const unguard = guard.subscribe((domain) => {
    const hold = guard.holdOf(domain);
    const settings = domains.worldOf(domain)?.get("AccessDomain", DOMAIN_NAME);
    // Numbers change while a hold lasts; that it began and ended is the event.
    if (settings !== undefined && held.has(domain) !== (hold !== undefined))
      recordHold(events, settings, hold);
    if (hold === undefined) held.delete(domain);
    else held.add(domain);
    reconciler.reported(domain, [{ kind: "AccessDomain", name: DOMAIN_NAME }]);
  });
  return {
    start() {
      effective.start();
      for (const domain of book.domains()) constraints.published(domain);
      followAll(keys, domains);
      reconciler.addAll();
    },
    changed(change) {
      followChange(keys, change);
      effective.changed(change);
      reconciler.changed(change);
    },
    published(domain) {
      effective.published(domain);
      constraints.published(domain);
    },
    get pending() {
      return reconciler.pending;
    },
    async drain() {
      unguard();
      effective.stop();
      keys.stop();
      constraints.stop();
      await reconciler.drain();
    },
  };
}
