/**
 * A sidecar from end to end: what it keeps on disk, what it holds, who it asks and where it answers.
 *
 * It takes the directory of its policies, then its addresses (so that whatever is in the way fails the start at once),
 * then restores what it has, then follows the operator. It answers from the first moment; until a domain has a policy,
 * checks end as Unavailable and health says NOT_SERVING.
 */

import type { Logger } from "pino";
import { type Address, formatAddress } from "../host/address.ts";
import { ServingStatus } from "../proto/generated/health.js";
import type { DeliveryClient } from "./delivery/delivery-client.ts";
import { Follower, type FollowerOptions } from "./follower.ts";
import { CallCounts } from "./metrics/call-counts.ts";
import { type MetricsServer, startMetricsServer } from "./metrics/metrics-server.ts";
import { sidecarMetrics } from "./metrics/sidecar-metrics.ts";
import { DecisionServer } from "./server/decision-server.ts";
import { HealthBoard } from "./server/health-board.ts";
import { HealthServer } from "./server/health-server.ts";
import type { ShardLoader } from "./shards/shard-loader.ts";
import type { Snapshots } from "./snapshot/snapshots.ts";

export interface SidecarOptions extends FollowerOptions {
  /** Where to answer checks. */
  readonly listen: readonly Address[];
  /** Where to answer probes; without: only where checks are answered. */
  readonly health?: Address | undefined;
  /** Where to serve metrics; without: nowhere. */
  readonly metrics?: Address | undefined;
  /** How long calls under way may take when the sidecar stops, in milliseconds. Default 5000. */
  readonly graceMs?: number | undefined;
}

/** A sidecar that runs. */
export interface Sidecar {
  readonly snapshots: Snapshots;
  readonly delivery: DeliveryClient;
  /** Where it answers checks, with the ports that were really taken. */
  readonly addresses: readonly Address[];
  readonly health: Address | undefined;
  readonly metrics: Address | undefined;
  /** What keeps organizations in memory; undefined: all are. */
  readonly shards: ShardLoader | undefined;
  /** Says NOT_SERVING, lets calls under way end, says goodbye to the operator, writes what is to be kept. */
  stop(): Promise<void>;
}

/** Health reported under these names says whether every domain has a policy. */
const READY = ["", "sidegate.v1.Sidegate", "readiness"];
/** This one says that the process lives, whatever it has. */
const ALIVE = "liveness";

/** How long the operator may take to hear a goodbye, in milliseconds; at most a fifth of the grace. */
const GOODBYE_MS = 1_000;

/** Starts a sidecar. Rejects with SG3102 for an address and SG2203 for a directory that another process has. */
export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const { domains, clock, logger } = options;
  const follower = await Follower.open(options);
  const { snapshots } = follower;
  const board = new HealthBoard();
  reportHealth(board, snapshots, logger);
  const counts = new CallCounts();
  const server = new DecisionServer({ policies: snapshots, board, clock, logger, counts });
  const health = new HealthServer({ board, clock, logger });
  const stopAnswering = (graceMs: number) => Promise.all([server.stop(graceMs), health.stop()]);
  let metrics: MetricsServer | undefined;
  const collect = () =>
    sidecarMetrics({
      ...{ version: options.version, snapshots, delivery: follower.delivery, counts },
      shards: follower.shards?.loader,
    });

  let addresses: readonly Address[];
  let healthAddress: Address | undefined;
  try {
    addresses = await listenAll(server, options.listen);
    healthAddress = options.health && (await health.listen(options.health));
    metrics =
      options.metrics && (await startMetricsServer({ address: options.metrics, collect, clock, logger }));
  } catch (error) {
    await stopAnswering(0);
    await follower.close();
    throw error;
  }
  const probes = healthAddress && formatAddress(healthAddress);
  logger.info({ addresses: addresses.map(formatAddress), probes, domains }, "Listening for checks");

  const delivery = await follower.follow();
  return {
    snapshots,
    delivery,
    addresses,
    health: healthAddress,
    metrics: metrics?.address,
    shards: follower.shards?.loader,
    async stop() {
      const graceMs = options.graceMs ?? 5_000;
      const goodbyeMs = Math.min(GOODBYE_MS, graceMs / 5);
      board.shutDown();
      snapshots.endWaiting();
      // Changes come in until the last check is answered; only then nobody needs to wait for this sidecar.
      await stopAnswering(graceMs - goodbyeMs);
      await follower.leave(goodbyeMs);
      metrics?.stop();
      await follower.close();
      logger.info({ domains }, "Stopped");
    },
  };
}

async function listenAll(server: DecisionServer, wanted: readonly Address[]): Promise<Address[]> {
  const taken: Address[] = [];
  for (const address of wanted) taken.push(await server.listen(address));
  return taken;
}

function reportHealth(board: HealthBoard, snapshots: Snapshots, logger: Logger): void {
  const report = () => {
    const status = snapshots.ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    for (const name of READY) board.set(name, status);
  };
  board.set(ALIVE, ServingStatus.SERVING);
  report();
  const end = snapshots.subscribe(() => {
    report();
    if (!snapshots.ready) return;
    // There is no way back to having no policy.
    end();
    logger.info({ domains: [...snapshots.domains()] }, "Ready: every domain has a policy");
  });
}
