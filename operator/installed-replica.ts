import type { Logger } from "pino";
import type { SidegateError } from "../engine/errors/sidegate-error.ts";
import type { Clock } from "../host/clock.ts";
import { createWebhooks, type Webhooks } from "./admission/webhooks.ts";
import { CALLER_AUDIENCE } from "./callers/review-caller.ts";
import type { Duty } from "./duty.ts";
import { openReports, type Reports } from "./effective/open-reports.ts";
import { ApiEventRecorder } from "./events/api-event-recorder.ts";
import type { EventRecorder } from "./events/event-recorder.ts";
import { recordRefusal } from "./events/record-refusal.ts";
import { TokenGate } from "./identity/token-gate.ts";
import { openInjection } from "./injection/open-injection.ts";
import type { InClusterOptions } from "./installation.ts";
import type { KubeApi } from "./kube/kube-api.ts";
import { joinInstallation, type Membership } from "./replica/join-installation.ts";
import type { Additions, Replica } from "./replica.ts";
import { createTrust } from "./trust/create-trust.ts";

export interface InstalledReplicaOptions {
  readonly inCluster: InClusterOptions;
  /** The namespace that is read and looked after. Absent: all. */
  readonly namespace: string | undefined;
  readonly api: KubeApi;
  /** An API of which a request takes no longer than this. */
  readonly createApi: (options: { readonly deadlineMs: number }) => KubeApi;
  readonly isNamespaceTerminating: (namespace: string) => Promise<boolean>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly onFatal: (error: SidegateError) => void;
  readonly silenceMs?: number;
}

/** What an operator has that is one of several replicas in a cluster: a place among them, and parts that serve the cluster. */
export interface InstalledReplica {
  readonly membership: Membership;
  readonly events: EventRecorder;
  /** What each replica does besides reading, compiling and delivering. To be called once, before any duty is made. */
  add(replica: Replica, hurry: () => void): Additions;
  /** What the other replicas tell of their sidecars. */
  readonly others: Reports["others"] | undefined;
  /** What the leader does besides the care for objects. @param api its writes end with the term of leadership */
  createDuties(api: KubeApi, replica: Replica): readonly Duty[];
  stop(): Promise<void>;
}

/** A sidecar that can not be let in for want of an answer goes elsewhere, so there is no use in waiting for long. */
const REVIEW_DEADLINE_MS = 5_000;
/** A Lease is to be renewed within 10 s, and one answer may be lost. */
const LEASE_DEADLINE_MS = 4_000;

/** Makes a process one of the replicas of an installation. It begins to take part at once. */
export function createInstalledReplica(options: InstalledReplicaOptions): InstalledReplica {
  const { inCluster, namespace, api, createApi, isNamespaceTerminating, ...tools } = options;
  const { clock, random, logger } = tools;
  const events = new ApiEventRecorder({ api, instance: inCluster.replica, clock, logger });
  const leaseApi = createApi({ deadlineMs: LEASE_DEADLINE_MS });
  const membership = joinInstallation({
    ...{ ...tools, installation: inCluster, api, leaseApi, namespace, events },
  });
  const trust = createTrust({
    ...{ installation: inCluster, api, onlyNamespace: namespace, clock, random, logger },
  });
  const reviewApi = createApi({ deadlineMs: REVIEW_DEADLINE_MS });
  const gate = new TokenGate({ api: reviewApi, clock });
  const callers = new TokenGate({ api: reviewApi, clock, audience: CALLER_AUDIENCE });
  let reports: Reports | undefined;

  /** The webhooks, where the API server is to reach any. */
  const webhooksOf = (replica: Replica): Webhooks[] => {
    const { webhooks: listen, injection: file } = inCluster;
    if (listen === undefined) return [];
    const ensureTrust = (name: string) => trust.ensureNamespace(name);
    const isEmpty = (name: string) => replica.isReady() && replica.book.current(name) === undefined;
    return [
      createWebhooks({
        ...{ ...replica, api: reviewApi, clock, logger, isNamespaceTerminating, listen },
        certificate: trust.certificate,
        openInjection:
          file === undefined ? undefined : () => openInjection({ file, gate, ensureTrust, isEmpty, logger }),
      }),
    ];
  };

  return {
    membership,
    events,
    get others() {
      return reports?.others;
    },
    add(replica, hurry) {
      membership.follow({ position: () => replica.domains.position, hurry });
      const { replicas } = membership;
      reports = openReports({ ...tools, api, installation: inCluster, replica, replicas });
      const standing = { gauges: () => membership.gauges(), stop: async () => {} };
      return {
        parts: [trust.part, ...webhooksOf(replica), ...(reports.parts ?? []), standing],
        delivery: {
          ...reports.delivery,
          certificate: trust.certificate,
          signer: trust.signer,
          gate,
          callers,
          onRefusedPush: (refused) => recordRefusal(events, replica.domains, inCluster, refused),
        },
      };
    },
    createDuties: (termApi, replica) => [
      membership.createDuty(termApi),
      ...trust.createDuties(termApi, replica),
    ],
    async stop() {
      await membership.stop();
      await events.stop();
    },
  };
}
