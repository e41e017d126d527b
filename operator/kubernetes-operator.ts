import type { KubeConfig } from "@kubernetes/client-node";
import type { Logger } from "pino";
import type { SidegateError } from "../engine/errors/sidegate-error.ts";
import type { Clock } from "../host/clock.ts";
import { createWebhooks, type Webhooks, type WebhooksOptions } from "./admission/webhooks.ts";
import { CALLER_AUDIENCE } from "./callers/review-caller.ts";
import { openReports, type Reports } from "./effective/open-reports.ts";
import { ApiEventRecorder } from "./events/api-event-recorder.ts";
import { type EventRecorder, NO_EVENTS } from "./events/event-recorder.ts";
import { recordRefusal } from "./events/record-refusal.ts";
import type { Gate } from "./identity/gate.ts";
import { TokenGate } from "./identity/token-gate.ts";
import { openInjection } from "./injection/open-injection.ts";
import type { InClusterOptions } from "./installation.ts";
import { createCredentials } from "./kube/credentials.ts";
import { fencedApi } from "./kube/fenced-api.ts";
import { createHttpKubeApi } from "./kube/http-kube-api.ts";
import { ALWAYS_LEADING } from "./leadership.ts";
import { createObjectCare } from "./object-care.ts";
import { type Operator, startOperator } from "./operator.ts";
import { Namespaces } from "./reconcile/namespaces.ts";
import { joinInstallation, type Membership } from "./replica/join-installation.ts";
import type { Additions, Replica } from "./replica.ts";
import { createKubernetesSource } from "./source/kubernetes/kubernetes-source.ts";
import { startAfter } from "./source/start-after.ts";
import { createTrust, type Trust } from "./trust/create-trust.ts";

/** A sidecar that can not be let in for want of an answer goes elsewhere, so there is no use in waiting for long. */
const REVIEW_DEADLINE_MS = 5_000;
/** A Lease is to be renewed within 10 s, and one answer may be lost. */
const LEASE_DEADLINE_MS = 4_000;

export interface KubernetesOperatorOptions {
  readonly kubeconfig: KubeConfig;
  /** Read and look after this namespace only. Absent: all. */
  readonly namespace?: string | undefined;
  /** Where sidecars connect: "HOST:PORT" or "unix:PATH". */
  readonly listen: string;
  /** Where health and metrics are served: "HOST:PORT". Absent: not at all. */
  readonly health?: string | undefined;
  /** Where metrics are served besides: "HOST:PORT". Absent: nowhere else. */
  readonly metrics?: string | undefined;
  /** Where administrators are answered, on loopback: "HOST:PORT" or "unix:PATH". Absent: nowhere. */
  readonly admin?: string | undefined;
  /** Who this is among several replicas. Absent: the only one, which always leads. */
  readonly inCluster?: InClusterOptions | undefined;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly onFatal: (error: SidegateError) => void;
  /** A watch without any event for this long is given up. Default 180,000 ms. */
  readonly silenceMs?: number;
}

/**
 * Starts an operator on a Kubernetes API server.
 *
 * @throws SidegateError SG4005 for a kubeconfig that can not be used, SG3102 or SG3103 where it can not listen
 */
export async function startKubernetesOperator(options: KubernetesOperatorOptions): Promise<Operator> {
  const { kubeconfig, namespace, inCluster, clock, random, logger, onFatal, silenceMs } = options;
  const credentials = createCredentials(kubeconfig, clock);
  const api = createHttpKubeApi({ credentials, clock });
  const namespaces = new Namespaces(api, clock);
  const recorder = inCluster && new ApiEventRecorder({ api, instance: inCluster.replica, clock, logger });
  const events = recorder ?? NO_EVENTS;
  const tools = { clock, random, logger, onFatal, ...(silenceMs !== undefined && { silenceMs }) };
  const membership =
    inCluster &&
    joinInstallation({
      ...{ ...tools, installation: inCluster, api, namespace, events },
      leaseApi: createHttpKubeApi({ credentials, clock, deadlineMs: LEASE_DEADLINE_MS }),
    });
  const trust =
    inCluster &&
    createTrust({ installation: inCluster, api, onlyNamespace: namespace, clock, random, logger });
  const reviewApi = createHttpKubeApi({ credentials, clock, deadlineMs: REVIEW_DEADLINE_MS });
  const gate = inCluster && new TokenGate({ api: reviewApi, clock });
  const callers = inCluster && new TokenGate({ api: reviewApi, clock, audience: CALLER_AUDIENCE });
  const leadership = membership?.leadership ?? ALWAYS_LEADING;
  let hurry = () => {};
  let reports: Reports | undefined;

  const operator = await startOperator({
    createSource(reports) {
      const source = createKubernetesSource({ ...tools, ...reports, api, namespace });
      hurry = () => source.hurry?.();
      return membership === undefined ? source : startAfter(membership.joined, source);
    },
    care: {
      leadership,
      isTerminating: (name) => namespaces.isTerminating(name),
      createDuties({ ended }, replica) {
        const termApi = fencedApi(createHttpKubeApi({ credentials, clock, signal: ended }), leadership);
        const others = reports?.others;
        const care = createObjectCare({ ...replica, ...tools, others, api: termApi, events });
        if (membership === undefined || trust === undefined) return [care];
        return [care, membership.createDuty(termApi), ...trust.createDuties(termApi, replica)];
      },
      ...(membership && { release: () => membership.release() }),
    },
    vouching: membership?.vouching,
    replica: inCluster?.replica,
    add(replica) {
      membership?.follow({ position: () => replica.domains.position, hurry: () => hurry() });
      if (!(inCluster && membership && trust && gate)) return {};
      const isNamespaceTerminating = (name: string) => namespaces.isTerminating(name);
      const forWebhooks = { api: reviewApi, clock, logger, isNamespaceTerminating };
      const webhooks = webhooksOf({ ...forWebhooks, replica, inCluster, trust, gate });
      const { replicas } = membership;
      reports = openReports({ ...tools, api, installation: inCluster, replica, replicas });
      return addToReplica({
        replica,
        inCluster,
        membership,
        trust,
        gate,
        callers,
        webhooks,
        reports,
        events,
      });
    },
    listen: options.listen,
    health: options.health,
    metrics: options.metrics,
    admin: options.admin,
    graceMs: inCluster?.graceMs,
    ...{ clock, random, logger, onFatal },
  }).catch(async (error: unknown) => {
    await membership?.stop();
    await credentials.close();
    throw error;
  });
  return {
    ...operator,
    async stop() {
      await operator.stop();
      await membership?.stop();
      await recorder?.stop();
      await credentials.close();
    },
  };
}

/** What each replica of an installation does besides reading, compiling and delivering. */
function addToReplica(options: {
  readonly replica: Replica;
  readonly inCluster: InClusterOptions;
  readonly membership: Membership;
  readonly trust: Trust;
  readonly gate: Gate;
  readonly callers: Gate | undefined;
  readonly webhooks: readonly Webhooks[];
  readonly reports: Reports;
  readonly events: EventRecorder;
}): Additions {
  const { replica, inCluster, membership, trust, gate, callers, webhooks, reports, events } = options;
  return {
    parts: [
      trust.part,
      ...webhooks,
      ...(reports.parts ?? []),
      { gauges: () => membership.gauges(), stop: async () => {} },
    ],
    delivery: {
      ...reports.delivery,
      certificate: trust.certificate,
      signer: trust.signer,
      gate,
      callers,
      onRefusedPush: (refused) => recordRefusal(events, replica.domains, inCluster, refused),
    },
  };
}

/** The webhooks, where the API server is to reach any. */
function webhooksOf(
  options: Pick<WebhooksOptions, "api" | "clock" | "logger" | "isNamespaceTerminating"> & {
    readonly replica: Replica;
    readonly inCluster: InClusterOptions;
    readonly trust: Trust;
    readonly gate: Gate;
  },
): Webhooks[] {
  const { replica, inCluster, trust, gate, ...tools } = options;
  const { webhooks: listen, injection: file } = inCluster;
  if (listen === undefined) return [];
  const ensureTrust = (name: string) => trust.ensureNamespace(name);
  const isEmpty = (name: string) => replica.isReady() && replica.book.current(name) === undefined;
  const open = file && (() => openInjection({ file, gate, ensureTrust, isEmpty, logger: tools.logger }));
  return [
    createWebhooks({
      ...{ ...tools, ...replica, listen },
      certificate: trust.certificate,
      openInjection: open || undefined,
    }),
  ];
}
