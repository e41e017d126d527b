import type { DeliveryClient } from "../delivery/delivery-client.ts";
import type { ShardLoader } from "../shards/shard-loader.ts";
import type { Snapshots } from "../snapshot/snapshots.ts";
import type { CallCounts } from "./call-counts.ts";
import type { Metric, Sample } from "./format-metrics.ts";

export interface SidecarMetricsOptions {
  readonly version: string;
  readonly snapshots: Pick<Snapshots, "domains" | "get" | "ageMs" | "ready" | "waiting">;
  /** Undefined: not yet. */
  readonly delivery: Pick<DeliveryClient, "state" | "refused"> | undefined;
  readonly counts: CallCounts;
  /** Undefined: all organizations are in memory. */
  readonly shards?: Pick<ShardLoader, "held" | "loaded" | "waiting"> | undefined;
}

/** What a sidecar tells of itself in numbers. docs/reference/metrics.md explains each. */
export function sidecarMetrics(options: SidecarMetricsOptions): Metric[] {
  const { version, snapshots, delivery, counts, shards } = options;
  const domains = [...snapshots.domains()];
  const held = domains.flatMap((domain) => snapshots.get(domain) ?? []);
  return [
    gauge("info", "The version of this sidecar.", [{ labels: { version }, value: 1 }]),
    gauge("connected", "Whether there is a stream from the operator.", [
      { value: delivery?.state === "streaming" ? 1 : 0 },
    ]),
    gauge("ready", "Whether every domain has a policy.", [{ value: snapshots.ready ? 1 : 0 }]),
    gauge(
      "policy_age_seconds",
      "Time since the operator last confirmed the policy; +Inf: never.",
      domains.map((domain) => ({ labels: { domain }, value: snapshots.ageMs(domain) / 1_000 })),
    ),
    gauge(
      "policy_max_age_seconds",
      "The age at which the policy counts as stale.",
      held.map(({ domain, staleness }) => ({ labels: { domain }, value: staleness.maxSeconds })),
    ),
    gauge(
      "policy_info",
      "The revision of the policy that decides.",
      held.map(({ domain, revision }) => ({ labels: { domain, revision }, value: 1 })),
    ),
    counter("policies_refused_total", "Policies that were refused; the one before stayed.", [
      { value: delivery?.refused ?? 0 },
    ]),
    counter("checks_total", "Checks by their outcome.", samplesOf("outcome", counts.decisions)),
    counter("errors_total", "Calls without an answer, by error.", samplesOf("code", counts.errors)),
    gauge("waiting_calls", "Calls that wait for a position.", [{ value: snapshots.waiting }]),
    ...(shards === undefined ? [] : shardMetrics(shards)),
    gauge("memory_bytes", "Resident memory of the process.", [{ value: process.memoryUsage.rss() }]),
  ];
}

function shardMetrics({ held, loaded, waiting }: Pick<ShardLoader, "held" | "loaded" | "waiting">): Metric[] {
  return [
    gauge("shards", "Organizations in memory.", [{ value: held.shards }]),
    gauge("shard_bytes", "Memory of these organizations.", [{ value: held.bytes }]),
    counter("shards_loaded_total", "Organizations that were not in memory when they were asked about.", [
      { value: loaded },
    ]),
    gauge("waiting_for_shards", "Calls that wait for an organization.", [{ value: waiting }]),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `sidegate_sidecar_${name}`, help, type: "gauge", samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `sidegate_sidecar_${name}`, help, type: "counter", samples };
}

function samplesOf(label: string, counts: ReadonlyMap<string, number>): Sample[] {
  return [...counts].map(([key, value]) => ({ labels: { [label]: key }, value }));
}
