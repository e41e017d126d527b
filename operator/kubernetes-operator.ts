import type { KubeConfig } from "@kubernetes/client-node";
import type { Logger } from "pino";
import type { SidegateError } from "../engine/errors/sidegate-error.ts";
import type { Clock } from "../host/clock.ts";
import type { InClusterOptions } from "./installation.ts";
import { createCredentials } from "./kube/credentials.ts";
import { createHttpKubeApi } from "./kube/http-kube-api.ts";
import { ALWAYS_LEADING } from "./leadership.ts";
import { createObjectCare } from "./object-care.ts";
import { type Operator, startOperator } from "./operator.ts";
import { Namespaces } from "./reconcile/namespaces.ts";
import { createKubernetesSource } from "./source/kubernetes/kubernetes-source.ts";

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
  const { kubeconfig, namespace, listen, health, metrics, clock, random, logger, onFatal, silenceMs } =
    options;
  const credentials = createCredentials(kubeconfig, clock);
  const api = createHttpKubeApi({ credentials, clock });
  const namespaces = new Namespaces(api, clock);
  const operator = await startOperator({
    createSource: (reports) =>
      createKubernetesSource({
        ...reports,
        api,
        namespace,
        clock,
        random,
        logger,
        ...(silenceMs !== undefined && { silenceMs }),
      }),
    care: {
      leadership: ALWAYS_LEADING,
      isTerminating: (namespace) => namespaces.isTerminating(namespace),
      createDuties: ({ ended }, tools) => {
        const termApi = createHttpKubeApi({ credentials, clock, signal: ended });
        return [createObjectCare({ ...tools, api: termApi, clock, random, logger })];
      },
    },
    listen,
    health,
    metrics,
    clock,
    random,
    logger,
    onFatal,
  });
  return {
    ...operator,
    async stop() {
      await operator.stop();
      await credentials.close();
    },
  };
}
