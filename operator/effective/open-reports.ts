import type { Installation } from "../installation.ts";
import type { LiveReplicas } from "../replica/live-replicas.ts";
import type { Additions, Replica } from "../replica.ts";
import type { Others } from "./awaited-replicas.ts";
import { DeliveryReports, type DeliveryReportsOptions } from "./report-feed.ts";
import { ReportWriter } from "./report-writer.ts";

export interface OpenReportsOptions extends Omit<DeliveryReportsOptions, "namespace" | "own"> {
  readonly installation: Installation;
  readonly replica: Replica;
  readonly replicas: LiveReplicas;
}

/** What replicas of an installation tell one another of their sidecars. */
export interface Reports extends Additions {
  /** For the leader, who folds them. */
  readonly others: Others;
}

/** Makes what writes this replica's DeliveryReport and reads those of all. */
export function openReports({ installation, replica, replicas, ...tools }: OpenReportsOptions): Reports {
  const { namespace } = installation;
  const feed = new DeliveryReports({ ...tools, namespace, own: replica.own });
  const writer = new ReportWriter({ ...tools, ...replica, namespace, isReady: () => replica.isReady() });
  return {
    others: { replicas, feed },
    parts: [feed, writer],
    delivery: { announce: () => writer.announce() },
  };
}
