import type { Logger } from "pino";
import type { Clock } from "../../host/clock.ts";
import type { Duty } from "../duty.ts";
import { decodeReport, deliveryReportResource } from "../effective/report-object.ts";
import { leaseResource } from "../election/lease.ts";
import type { LeaseWatch } from "../election/lease-watch.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { isConflict, isNotFound } from "../kube/kube-error.ts";
import type { LeaseReplicas } from "./live-replicas.ts";
import { leaseOfReplica } from "./replica-lease.ts";

export interface ClearReplicasOptions {
  /** Its writes end with the term of leadership. */
  readonly api: Pick<KubeApi, "list" | "get" | "delete">;
  readonly namespace: string;
  readonly leases: Pick<LeaseWatch, "get">;
  readonly replicas: Pick<LeaseReplicas, "isLive" | "expired" | "onChange" | "live">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a report stays at least after its replica was seen last: people may want to look at it. */
const REPORT_STAYS_MS = 60 * 60_000;
/** Beyond the longest that a sidecar may go on deciding by what it had: clocks do not run alike. */
const SLACK_MS = 60_000;

/**
 * Removes what replicas leave behind that ended without a word: the Lease at once; the DeliveryReport an hour later, and not
 * before the staleness bounds of all sidecars in it are over, since a new leader would not wait for sidecars it does not know.
 */
export function createReplicaClearing(options: ClearReplicasOptions): Duty {
  const { api, namespace, leases, replicas, clock, logger } = options;
  const end = new AbortController();
  const timers = new Map<string, () => void>();
  const working = new Set<Promise<void>>();
  let seen = new Set<string>();
  let unsubscribe = () => {};

  const run = (what: string, replica: string, task: () => Promise<void>) => {
    const work = task()
      .catch((error: unknown) => {
        if (isNotFound(error) || isConflict(error) || end.signal.aborted) return;
        logger.warn({ replica, what, err: error }, "Clearing up after a replica failed");
      })
      .finally(() => working.delete(work));
    working.add(work);
  };
  const clearReport = async (replica: string, waitedMs: number) => {
    const { domains } = decodeReport(await api.get(deliveryReportResource, namespace, replica)) ?? {};
    const bounds = [...(domains?.values() ?? [])].map(({ staleSeconds }) => staleSeconds * 1000 + SLACK_MS);
    const restMs = Math.max(0, ...bounds) - waitedMs;
    if (end.signal.aborted || replicas.isLive(replica)) return;
    if (restMs > 0) clearAfter(restMs, replica, waitedMs + restMs);
    else await api.delete(deliveryReportResource, namespace, replica);
  };
  /** @param waitedMs how long it will have waited by then in all */
  const clearAfter = (ms: number, replica: string, waitedMs: number) => {
    if (timers.has(replica)) return;
    const cancel = clock.after(ms, () => {
      timers.delete(replica);
      if (!replicas.isLive(replica)) run("report", replica, () => clearReport(replica, waitedMs));
    });
    timers.set(replica, cancel);
  };
  const clearLater = (replica: string) => clearAfter(REPORT_STAYS_MS, replica, REPORT_STAYS_MS);
  const look = () => {
    for (const replica of replicas.live()) {
      timers.get(replica)?.();
      timers.delete(replica);
    }
    for (const replica of seen) if (!replicas.isLive(replica)) clearLater(replica);
    seen = new Set(replicas.live());
    for (const replica of replicas.expired()) {
      const lease = leases.get(leaseOfReplica(replica))?.lease;
      const { uid, resourceVersion } = lease?.metadata ?? {};
      logger.info({ replica }, "A replica has not renewed its Lease");
      run("lease", replica, () =>
        api.delete(leaseResource, namespace, leaseOfReplica(replica), { uid, resourceVersion }),
      );
    }
  };
  /** Reports of replicas that were gone before this term. */
  const listReports = async () => {
    const page = await api.list(deliveryReportResource, { namespace, limit: 500, signal: end.signal });
    for (const { metadata } of page.items) if (!replicas.isLive(metadata.name)) clearLater(metadata.name);
  };

  return {
    start() {
      unsubscribe = replicas.onChange(look);
      look();
      run("reports", "", listReports);
    },
    async drain() {
      end.abort();
      unsubscribe();
      for (const cancel of timers.values()) cancel();
      timers.clear();
      await Promise.all(working);
    },
  };
}
