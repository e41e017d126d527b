import type { Logger } from "pino";
import type { Clock } from "../../host/clock.ts";
import type { Duty } from "../duty.ts";
import { leaseResource } from "../election/lease.ts";
import type { LeaseWatch } from "../election/lease-watch.ts";
import type { KubeApi, Resource } from "../kube/kube-api.ts";
import { isConflict, isNotFound } from "../kube/kube-error.ts";
import type { LeaseReplicas } from "./live-replicas.ts";
import { leaseOfReplica } from "./replica-lease.ts";

export const deliveryReportResource: Resource = {
  group: "sidegate.dev",
  version: "v1alpha1",
  plural: "deliveryreports",
  kind: "DeliveryReport",
};

export interface ClearReplicasOptions {
  /** Its writes end with the term of leadership. */
  readonly api: Pick<KubeApi, "list" | "delete">;
  readonly namespace: string;
  readonly leases: Pick<LeaseWatch, "get">;
  readonly replicas: Pick<LeaseReplicas, "isLive" | "expired" | "onChange" | "live">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a report stays after its replica was seen last: it says who had what, which a new leader may need. */
const REPORT_STAYS_MS = 60 * 60_000;

/** Removes what replicas leave behind that ended without a word: the Lease at once, the DeliveryReport an hour later. */
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
  const clearReport = (replica: string) => {
    timers.delete(replica);
    if (replicas.isLive(replica)) return;
    run("report", replica, () => api.delete(deliveryReportResource, namespace, replica));
  };
  const clearLater = (replica: string) => {
    if (!timers.has(replica))
      timers.set(
        replica,
        clock.after(REPORT_STAYS_MS, () => clearReport(replica)),
      );
  };
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
