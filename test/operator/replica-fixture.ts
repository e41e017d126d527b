import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import { apiVersion, type Kind, type SidegateObject } from "../../engine/model/objects.generated.ts";
import { type Clock, createSystemClock } from "../../host/clock.ts";
import { type Lease, leaseResource } from "../../operator/election/lease.ts";
import { eventResource } from "../../operator/events/api-event-recorder.ts";
import { createCredentials } from "../../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../../operator/kube/http-kube-api.ts";
import type { KubeApi, KubeObject, Resource } from "../../operator/kube/kube-api.ts";
import { isNotFound } from "../../operator/kube/kube-error.ts";
import { startKubernetesOperator } from "../../operator/kubernetes-operator.ts";
import type { Operator } from "../../operator/operator.ts";
import { namespaceResource, sidegateResources } from "../../operator/source/kubernetes/sidegate-resources.ts";
import { recordingLogger } from "../support/silent-logger.ts";

/** A replica of an operator, with its own log. */
export interface RunningReplica {
  readonly name: string;
  readonly operator: Operator;
  readonly log: ReturnType<typeof recordingLogger>;
}

/** A namespace of its own on an API server, which is domain and release namespace at once, and replicas in it. */
export class ReplicaFixture {
  readonly namespace = `test-${randomUUID().slice(0, 8)}`;
  readonly api: KubeApi;
  readonly #kubeconfig: string;
  readonly #clock: Clock;
  readonly #running = new Set<RunningReplica>();
  readonly #close: () => Promise<void>;

  /** @param kubeconfig the text of one */
  constructor(kubeconfig: string, clock: Clock = createSystemClock()) {
    this.#kubeconfig = kubeconfig;
    this.#clock = clock;
    const credentials = createCredentials(loadConfig(kubeconfig), createSystemClock());
    this.api = createHttpKubeApi({ credentials, clock: createSystemClock() });
    this.#close = () => credentials.close();
  }

  async createNamespace(): Promise<void> {
    const { namespace: name } = this;
    await this.api.create(namespaceResource, undefined, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    });
  }

  /** Starts a replica; it may not be ready yet. */
  async start(name: string): Promise<RunningReplica> {
    const log = recordingLogger();
    const operator = await startKubernetesOperator({
      kubeconfig: loadConfig(this.#kubeconfig),
      namespace: this.namespace,
      listen: "127.0.0.1:0",
      health: "127.0.0.1:0",
      inCluster: {
        namespace: this.namespace,
        replica: name,
        service: "sidegate-operator",
        validatingWebhooks: [],
        mutatingWebhooks: [],
        certificates: { from: "own" },
        graceMs: 2_000,
      },
      clock: this.#clock,
      random: () => 0.5,
      logger: log.logger,
      onFatal: (error) => log.logger.fatal({ code: error.code }, "Can not go on"),
    });
    const replica = { name, operator, log };
    this.#running.add(replica);
    return replica;
  }

  async stopReplica(replica: RunningReplica): Promise<void> {
    this.#running.delete(replica);
    await replica.operator.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((replica) => this.stopReplica(replica)));
    await this.#close();
  }

  /** Creates an object in the domain. */
  async create(kind: Kind, name: string, spec: object): Promise<void> {
    const { namespace } = this;
    const object = { apiVersion, kind, metadata: { name, namespace }, spec };
    await this.api.create(sidegateResources[kind], namespace, object);
  }

  async conditionOf(kind: Kind, name: string, type: string): Promise<string | undefined> {
    const object = await this.#get(sidegateResources[kind], name);
    const { status } = object as unknown as SidegateObject;
    return status?.conditions?.find((condition) => condition.type === type)?.status;
  }

  async lease(name: string): Promise<Lease | undefined> {
    return (await this.#get(leaseResource, name)) as Lease | undefined;
  }

  async leader(): Promise<string | undefined> {
    return (await this.lease("sidegate-operator"))?.spec?.holderIdentity;
  }

  /** "REASON Kind/name" of each event in the namespace. */
  async events(): Promise<string[]> {
    const { signal } = new AbortController();
    const page = await this.api.list(eventResource, { namespace: this.namespace, limit: 500, signal });
    return page.items.map((event) => {
      const { reason, regarding } = event as unknown as {
        reason: string;
        regarding: { kind: string; name: string };
      };
      return `${reason} ${regarding.kind}/${regarding.name}`;
    });
  }

  async #get(resource: Resource, name: string): Promise<KubeObject | undefined> {
    try {
      return await this.api.get(resource, this.namespace, name);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function loadConfig(text: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
}
