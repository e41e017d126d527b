import type { KubeConfig } from "@kubernetes/client-node";
import { NO_EVENTS } from "./events/event-recorder.ts";
import type { InClusterOptions } from "./installation.ts";
import { createInstalledReplica } from "./installed-replica.ts";
import { createCredentials } from "./kube/credentials.ts";
import { fencedApi } from "./kube/fenced-api.ts";
import { createHttpKubeApi, type HttpKubeApiOptions } from "./kube/http-kube-api.ts";
import { ALWAYS_LEADING } from "./leadership.ts";
import { createObjectCare } from "./object-care.ts";
import { type Operator, startOperator } from "./operator.ts";
import type { Care, OperatorOptions } from "./operator-options.ts";
import { Namespaces } from "./reconcile/namespaces.ts";
import { createKubernetesSource } from "./source/kubernetes/kubernetes-source.ts";
import { startAfter } from "./source/start-after.ts";

/** What any operator is told. */
type Common = "listen" | "health" | "metrics" | "admin" | "clock" | "logger" | "onFatal" | "stopping";

export interface KubernetesOperatorOptions extends Pick<OperatorOptions, Common> {
  readonly kubeconfig: KubeConfig;
  /** Read and look after this namespace only. Absent: all. */
  readonly namespace?: string | undefined;
  /** Who this is among several replicas. Absent: the only one, which always leads. */
  readonly inCluster?: InClusterOptions | undefined;
  /** Uniform in [0, 1). */
  readonly random: () => number;
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
  const createApi = (more?: Partial<HttpKubeApiOptions>) =>
    createHttpKubeApi({ credentials, clock, ...more });
  const api = createApi();
  const namespaces = new Namespaces(api, clock);
  const isTerminating = (name: string) => namespaces.isTerminating(name);
  const tools = { clock, random, logger, onFatal, ...(silenceMs !== undefined && { silenceMs }) };
  const installed =
    inCluster &&
    createInstalledReplica({
      ...{ ...tools, inCluster, namespace, api, createApi },
      isNamespaceTerminating: isTerminating,
    });
  const { leadership = ALWAYS_LEADING, vouching, joined } = installed?.membership ?? {};
  const events = installed?.events ?? NO_EVENTS;
  const leave = async () => {
    await installed?.stop();
    await credentials.close();
  };
  const createDuties: Care["createDuties"] = ({ ended }, replica) => {
    const termApi = fencedApi(createApi({ signal: ended }), leadership);
    const others = installed?.others;
    const care = createObjectCare({ ...replica, ...tools, others, api: termApi, events });
    return [care, ...(installed?.createDuties(termApi, replica) ?? [])];
  };
  let hurry = () => {};

  const { listen, health, metrics, admin, stopping } = options;
  const operator = await startOperator({
    ...{ listen, health, metrics, admin, stopping, clock, random, logger, onFatal, vouching },
    createSource(reports) {
      const source = createKubernetesSource({ ...tools, ...reports, api, namespace });
      hurry = () => source.hurry?.();
      return joined === undefined ? source : startAfter(joined, source);
    },
    care: {
      ...{ leadership, isTerminating, createDuties },
      ...(installed && { release: () => installed.membership.release() }),
    },
    replica: inCluster?.replica,
    add: (replica) => installed?.add(replica, () => hurry()) ?? {},
    graceMs: inCluster?.graceMs,
  }).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  return {
    ...operator,
    async stop() {
      await operator.stop();
      await leave();
    },
  };
}
