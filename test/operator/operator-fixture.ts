import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import { decide } from "../../engine/decide/decide.ts";
import type { Outcome } from "../../engine/decide/decision.ts";
import { apiVersion, type Kind, type SidegateObject } from "../../engine/model/objects.generated.ts";
import { Policy } from "../../engine/policy/policy.ts";
import { type Clock, createSystemClock } from "../../host/clock.ts";
import { createCredentials } from "../../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../../operator/kube/http-kube-api.ts";
import type { KubeApi, KubeObject } from "../../operator/kube/kube-api.ts";
import { isConflict, isNotFound } from "../../operator/kube/kube-error.ts";
import { startKubernetesOperator } from "../../operator/kubernetes-operator.ts";
import type { Operator } from "../../operator/operator.ts";
import { namespaceResource, sidegateResources } from "../../operator/source/kubernetes/sidegate-resources.ts";
import { createFastClock } from "../support/fast-clock.ts";
import { manifestOf } from "../support/policies.ts";
import { recordingLogger } from "../support/silent-logger.ts";

export interface OperatorFixtureOptions {
  /** The text of a kubeconfig. */
  readonly kubeconfig: string;
  /** Let the operator read the test's own namespace only. */
  readonly isRestricted?: boolean;
  readonly silenceMs?: number;
  /** How much faster than real the operator's time goes. Default 1. */
  readonly speed?: number;
}

/** A namespace of its own on an API server, a client for the test, and operators that come and go. */
export class OperatorFixture {
  readonly namespace = `test-${randomUUID().slice(0, 8)}`;
  readonly api: KubeApi;
  readonly log = recordingLogger();
  /** The operator's clock. */
  readonly clock: Clock;
  readonly #options: OperatorFixtureOptions;
  readonly #close: () => Promise<void>;
  #operator: Operator | undefined;

  constructor(options: OperatorFixtureOptions) {
    this.#options = options;
    this.clock = createFastClock(options.speed ?? 1);
    const clock = createSystemClock();
    const credentials = createCredentials(loadConfig(options.kubeconfig), clock);
    this.api = createHttpKubeApi({ credentials, clock });
    this.#close = () => credentials.close();
  }

  get operator(): Operator {
    if (this.#operator === undefined) throw new Error("no operator runs");
    return this.#operator;
  }

  /** Creates the test's namespace. */
  async createNamespace(): Promise<void> {
    const { namespace: name } = this;
    await this.api.create(namespaceResource, undefined, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    });
  }

  /** Starts an operator and waits until it is ready. */
  async startOperator(): Promise<void> {
    const { kubeconfig, isRestricted = false, silenceMs } = this.#options;
    this.#operator = await startKubernetesOperator({
      kubeconfig: loadConfig(kubeconfig),
      namespace: isRestricted ? this.namespace : undefined,
      listen: "127.0.0.1:0",
      clock: this.clock,
      random: Math.random,
      logger: this.log.logger,
      onFatal: (error) => this.log.logger.fatal({ code: error.code }, "Can not go on"),
      ...(silenceMs !== undefined && { silenceMs }),
    });
    await this.#operator.ready;
  }

  async stopOperator(): Promise<void> {
    await this.#operator?.stop();
    this.#operator = undefined;
  }

  /** Stops the operator and lets the test's namespace and all in it go. */
  async stop(): Promise<void> {
    await this.stopOperator();
    await this.#close();
  }

  /** Creates an object in the test's namespace. */
  async create(kind: Kind, name: string, spec: object, metadata: object = {}): Promise<SidegateObject> {
    const object = { apiVersion, kind, metadata: { name, namespace: this.namespace, ...metadata }, spec };
    return asSidegate(await this.api.create(sidegateResources[kind], this.namespace, object));
  }

  async get(kind: Kind, name: string): Promise<SidegateObject | undefined> {
    try {
      return asSidegate(await this.api.get(sidegateResources[kind], this.namespace, name));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async list(kind: Kind): Promise<SidegateObject[]> {
    const { signal } = new AbortController();
    const page = await this.api.list(sidegateResources[kind], {
      namespace: this.namespace,
      limit: 500,
      signal,
    });
    return page.items.map(asSidegate);
  }

  async names(kind: Kind): Promise<string[]> {
    return (await this.list(kind)).map(({ metadata }) => metadata.name).sort();
  }

  async patch(kind: Kind, name: string, patch: object): Promise<void> {
    for (;;) {
      try {
        await this.api.mergePatch(sidegateResources[kind], this.namespace, name, patch);
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
  }

  async delete(kind: Kind, name: string): Promise<void> {
    await this.api.delete(sidegateResources[kind], this.namespace, name);
  }

  /** "True ReferenceNotFound": the condition Accepted of an object at its present generation. */
  async accepted(kind: Kind, name: string): Promise<string> {
    const object = await this.get(kind, name);
    const condition = object?.status?.conditions?.find(({ type }) => type === "Accepted");
    if (condition === undefined || condition.observedGeneration !== object?.metadata.generation)
      return "not judged";
    return `${condition.status} ${condition.reason}`;
  }

  /** Decides by the policy that the operator has published. */
  decide(
    subjectName: string,
    permission: string,
    scope: string,
    namespace = this.namespace,
  ): Outcome | "no policy" {
    const compiled = this.operator.book.current(namespace);
    if (compiled === undefined) return "no policy";
    const bytesOf = (hash: string) =>
      compiled.shards.find((shard) => shard.hash === hash)?.bytes as Uint8Array;
    const policy = Policy.load(manifestOf(compiled), bytesOf);
    const subject = { subjectKind: "User", subjectName, groups: [], activeRoles: [] };
    return decide(policy, { ...subject, permission, scope, resourceName: "" }, Date.now()).outcome;
  }
}

function loadConfig(text: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
}

function asSidegate(object: KubeObject): SidegateObject {
  return object as unknown as SidegateObject;
}
