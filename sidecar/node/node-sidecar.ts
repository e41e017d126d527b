/**
 * A sidecar that serves all pods of a node: one socket, each caller known by its token, each domain followed while somebody
 * asks about it (docs/adr/0021-node-wide-mode.md).
 */
import { type Address, formatAddress } from "../../host/address.ts";
import { ServingStatus } from "../../proto/generated/health.js";
import type { WaitingPolicies } from "../api/await-position.ts";
import { CallCounts } from "../metrics/call-counts.ts";
import { type MetricsServer, startMetricsServer } from "../metrics/metrics-server.ts";
import { sidecarMetrics } from "../metrics/sidecar-metrics.ts";
import { DecisionServer } from "../server/decision-server.ts";
import { HealthBoard } from "../server/health-board.ts";
import { HealthServer } from "../server/health-server.ts";
import type { SidecarOptions } from "../sidecar.ts";
import { CallerBook } from "./caller-book.ts";
import { callerDoors } from "./caller-doors.ts";
import { DomainBook } from "./domain-book.ts";
import { nodeFacts } from "./node-policies.ts";
import type { Review } from "./review.ts";
import { ReviewClient } from "./review-client.ts";

export interface NodeSidecarOptions extends Omit<SidecarOptions, "domains"> {
  /** Domains at a time. Default 64. */
  readonly maxDomains?: number | undefined;
  /** How long a domain is followed that nobody asks about, in milliseconds. Default an hour. */
  readonly idleMs?: number | undefined;
  /** Default: by asking the operator. */
  readonly review?: Review;
}

/** A node's sidecar that runs. */
export interface NodeSidecar {
  readonly addresses: readonly Address[];
  readonly health: Address | undefined;
  readonly metrics: Address | undefined;
  /** The domains that are followed now. */
  domains(): readonly string[];
  stop(): Promise<void>;
}

/** Served under each name that says whether calls are answered; domains come with the calls. */
const SERVING = ["", "sidegate.v1.Sidegate", "readiness", "liveness"];

/** Starts a node's sidecar. Rejects with SG3102 for an address. */
export async function startNodeSidecar(options: NodeSidecarOptions): Promise<NodeSidecar> {
  const { clock, logger, version, maxDomains = 64, idleMs = 3_600_000 } = options;
  const asking = new ReviewClient(options);
  const callers = new CallerBook({ review: options.review ?? asking.review, clock, logger });
  const domains = new DomainBook({ ...options, maxDomains, idleMs });
  const board = new HealthBoard();
  const counts = new CallCounts();
  const server = new DecisionServer({
    policies: NO_POLICIES,
    ...{ board, clock, logger, counts },
    doorsOf: (tools) => callerDoors(tools, { callers, domains }),
  });
  const health = new HealthServer({ board, clock, logger });
  const collect = () => sidecarMetrics({ version, ...nodeFacts(domains.followed()), counts });
  const stopAnswering = (graceMs: number) => Promise.all([server.stop(graceMs), health.stop()]);

  const addresses: Address[] = [];
  let healthAddress: Address | undefined;
  let metrics: MetricsServer | undefined;
  try {
    for (const address of options.listen) addresses.push(await server.listen(address));
    healthAddress = options.health && (await health.listen(options.health));
    metrics =
      options.metrics && (await startMetricsServer({ address: options.metrics, collect, clock, logger }));
  } catch (error) {
    await stopAnswering(0);
    await domains.stop();
    throw error;
  }
  for (const name of SERVING) board.set(name, ServingStatus.SERVING);
  const probes = healthAddress && formatAddress(healthAddress);
  logger.info(
    { addresses: addresses.map(formatAddress), probes },
    "Listening for checks of this node's pods",
  );
  return {
    addresses,
    health: healthAddress,
    metrics: metrics?.address,
    domains: () => [...domains.followed().keys()],
    async stop() {
      board.shutDown();
      domains.endWaiting();
      await stopAnswering(options.graceMs ?? 5_000);
      await domains.stop();
      metrics?.stop();
      asking.close();
      logger.info("Stopped");
    },
  };
}

/** All policies are looked at as a caller may see them, never as a whole. */
const NO_POLICIES: WaitingPolicies = {
  sole: undefined,
  domains: () => [],
  get: () => undefined,
  freshness: () => ({ fresh: false, because: "TooOld", ageMs: Infinity }),
  waitFor: () => Promise.reject(new Error("A node's sidecar has no policies for all")),
};
