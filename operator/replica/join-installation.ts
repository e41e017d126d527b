import type { Logger } from "pino";
import type { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Position } from "../../engine/model/position.ts";
import type { Clock } from "../../host/clock.ts";
import type { Duty } from "../duty.ts";
import { LeaderElection } from "../election/leader-election.ts";
import { leaseResource } from "../election/lease.ts";
import { LeaseWatch } from "../election/lease-watch.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import type { Installation } from "../installation.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import type { Leadership } from "../leadership.ts";
import { catchUp } from "./catch-up.ts";
import { createReplicaClearing } from "./clear-replicas.ts";
import { LeaseReplicas, type LiveReplicas } from "./live-replicas.ts";
import { ReplicaLease } from "./replica-lease.ts";
import { type Vouching, VouchingState } from "./vouching.ts";

export interface JoinOptions {
  readonly installation: Installation;
  /** For everything but Leases. */
  readonly api: KubeApi;
  /** For Leases: its deadline for a request is 5 s, so that a renewal can be tried twice. */
  readonly leaseApi: KubeApi;
  /** The namespace whose objects are read. Absent: all. */
  readonly namespace: string | undefined;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly onFatal: (error: SidegateError) => void;
  readonly silenceMs?: number;
}

/** A replica's place among the others. */
export interface Membership {
  readonly leadership: Leadership;
  /** Which replicas live; to be believed by the leader only. */
  readonly replicas: LiveReplicas;
  readonly vouching: Vouching;
  /** Resolves when this replica counts, so that it may begin to read. */
  readonly joined: Promise<void>;
  /** What is read, once there is something to read it; needed to catch up after the Lease lapsed. */
  follow(source: { position(): Position; hurry(): void }): void;
  /** What the leader does for the replicas. */
  createDuty(api: KubeApi): Duty;
  /** Gives leadership up; what only the leader does must be over. */
  release(): Promise<void>;
  gauges(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** The name of the Lease whose holder leads. */
export const LEADER_LEASE = "sidegate-operator";

/** Makes this process one of the replicas of an installation. */
export function joinInstallation(options: JoinOptions): Membership {
  const { installation, api, leaseApi, namespace: read, events, clock, random, logger, onFatal } = options;
  const { namespace, replica } = installation;
  const tools = { api: leaseApi, namespace, clock, random, logger };
  let source: { position(): Position; hurry(): void } = { position: () => ({}), hurry: () => {} };
  const leases = new LeaseWatch({
    ...tools,
    ...(options.silenceMs !== undefined && { silenceMs: options.silenceMs }),
    onRetry: (error, waitMs) =>
      logger.warn({ err: error, waitMs: Math.round(waitMs) }, "Watching Leases failed"),
    onFatal,
  });
  const replicas = new LeaseReplicas(leases);
  const election = new LeaderElection({
    ...{ ...tools, leases, name: LEADER_LEASE, identity: replica },
    annotations: () => replicas.annotations(),
  });
  const vouching = new VouchingState({
    clock,
    catchUp: (signal) =>
      catchUp({
        ...{ api, namespace: read, clock, random, signal },
        position: () => source.position(),
        hurry: () => source.hurry(),
      }),
  });
  const lease = new ReplicaLease({
    ...{ ...tools, leases, replica, leaderLease: LEADER_LEASE },
    onState: (state) => vouching.observe(state),
  });
  // Whoever joins waits to be counted.
  replicas.onChange(() => election.renew());
  election.subscribe((isLeader) => {
    if (!isLeader) return;
    election.renew();
    recordLead(events, installation, leases.get(LEADER_LEASE)?.lease.metadata.uid);
  });
  leases.start();
  lease.start();
  election.start();

  return {
    leadership: election,
    replicas,
    vouching: {
      get isVouching() {
        // Looks at the clock: the timer that would tell may be late.
        return lease.isJoined && vouching.isVouching;
      },
      subscribe: (listener) => vouching.subscribe(listener),
      async leave() {
        vouching.stop();
        await lease.stop();
      },
    },
    joined: vouching.joined,
    follow(followed) {
      source = followed;
    },
    createDuty: (termApi) =>
      createReplicaClearing({ api: termApi, namespace, leases, replicas, clock, logger }),
    release: () => election.stop(),
    gauges: () => ({
      sidegate_operator_leader: election.isLeader ? 1 : 0,
      sidegate_operator_replicas_live: replicas.live().length,
      sidegate_operator_vouching: lease.isJoined && vouching.isVouching ? 1 : 0,
    }),
    async stop() {
      vouching.stop();
      await election.stop();
      await lease.stop();
      replicas.stop();
      await leases.stop();
    },
  };
}

/** @param uid of the Lease whose holder leads */
function recordLead(events: EventRecorder, { namespace, replica }: Installation, uid?: string): void {
  const { group, version, kind } = leaseResource;
  const about = { apiVersion: `${group}/${version}`, kind, namespace, name: LEADER_LEASE, uid };
  const message = `${replica} became leader`;
  events.record(about, { type: "Normal", reason: "LeaderElection", message, action: "Lead" });
}
