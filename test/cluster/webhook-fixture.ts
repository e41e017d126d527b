import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import { kinds, plurals } from "../../engine/model/objects.generated.ts";
import { createSystemClock } from "../../host/clock.ts";
import { createWebhooks, type Webhooks } from "../../operator/admission/webhooks.ts";
import { NO_EVENTS } from "../../operator/events/event-recorder.ts";
import { createCredentials } from "../../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../../operator/kube/http-kube-api.ts";
import { ALWAYS_LEADING } from "../../operator/leadership.ts";
import { createObjectCare } from "../../operator/object-care.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { Namespaces } from "../../operator/reconcile/namespaces.ts";
import { createKubernetesSource } from "../../operator/source/kubernetes/kubernetes-source.ts";
import { TestCertificate } from "../support/certificates.ts";
import { silent } from "../support/silent-logger.ts";
import type { ApiServer } from "./api-server.ts";

const CLUSTER_WRITERS = [
  "system:serviceaccount:kube-system:generic-garbage-collector",
  "system:serviceaccount:kube-system:namespace-controller",
  "system:kube-controller-manager",
];

/**
 * An operator of one namespace with its webhooks, in this process, and webhook configurations for that namespace by which the
 * API server finds them at https://localhost.
 */
export class WebhookFixture {
  readonly namespace = `admission-${randomUUID().slice(0, 8)}`;
  readonly #server: ApiServer;
  readonly #kubeconfig: string;
  readonly #stops: (() => Promise<unknown>)[] = [];

  constructor(server: ApiServer, kubeconfig: string) {
    this.#server = server;
    this.#kubeconfig = kubeconfig;
  }

  async start(): Promise<void> {
    const config = new KubeConfig();
    config.loadFromFile(this.#kubeconfig);
    const clock = createSystemClock();
    const credentials = createCredentials(config, clock);
    const api = createHttpKubeApi({ credentials, clock });
    const namespaces = new Namespaces(api, clock);
    const certificate = await TestCertificate.make("localhost");
    const { namespace } = this;
    const tools = { clock, logger: silent, random: () => 0, onFatal: () => {} };
    let webhooks: Webhooks | undefined;
    const operator: Operator = await startOperator({
      ...tools,
      createSource: (reports) => createKubernetesSource({ ...tools, ...reports, api, namespace }),
      care: {
        leadership: ALWAYS_LEADING,
        isTerminating: (name) => namespaces.isTerminating(name),
        createDuties: (_term, replica) => [
          createObjectCare({ ...tools, ...replica, api, events: NO_EVENTS }),
        ],
      },
      add(replica) {
        webhooks = createWebhooks({
          ...{ ...tools, ...replica, api, certificate, listen: "127.0.0.1:0" },
          isNamespaceTerminating: (name) => namespaces.isTerminating(name),
        });
        return { parts: [webhooks] };
      },
      listen: "127.0.0.1:0",
    });
    this.#stops.push(
      () => operator.stop(),
      () => credentials.close(),
    );
    await operator.ready;
    const url = `https://localhost:${webhooks?.address?.split(":").at(-1)}`;
    await this.#configure("Validating", `${url}/validate`, certificate.ca, ["CREATE", "UPDATE", "DELETE"]);
    await this.#configure("Mutating", `${url}/default`, certificate.ca, ["CREATE"]);
  }

  /** Removes the configurations before the webhooks, so that nothing is refused for want of them. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }

  async #configure(
    type: "Validating" | "Mutating",
    url: string,
    ca: string,
    operations: readonly string[],
  ): Promise<void> {
    const kind = `${type}WebhookConfiguration`;
    const path = `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}s`;
    const { namespace: name } = this;
    const listed = CLUSTER_WRITERS.map((user) => `'${user}'`).join(", ");
    const changesSomething =
      "request.operation != 'UPDATE' || object.metadata.?generation.orValue(0) != oldObject.metadata.?generation.orValue(0) || object.metadata.?ownerReferences.orValue([]) != oldObject.metadata.?ownerReferences.orValue([]) || (request.kind.kind == 'AccessRoleBinding' && !has(object.metadata.deletionTimestamp))";
    const webhook = {
      name: `${type.toLowerCase()}.sidegate.dev`,
      clientConfig: { url, caBundle: Buffer.from(ca).toString("base64") },
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      failurePolicy: "Fail",
      timeoutSeconds: 10,
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": this.namespace } },
      matchConditions: [
        { name: "not-by-the-cluster", expression: `!(request.userInfo.username in [${listed}])` },
        ...(type === "Validating" ? [{ name: "changes-something", expression: changesSomething }] : []),
      ],
      rules: [
        {
          apiGroups: ["sidegate.dev"],
          apiVersions: ["v1alpha1"],
          operations,
          resources: kinds.map((each) => plurals[each]),
          scope: "Namespaced",
        },
      ],
    };
    const body = {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind,
      metadata: { name },
      webhooks: [webhook],
    };
    const { status, body: answer } = await this.#server.call({ method: "POST", path, body });
    if (status !== 201) throw new Error(`${kind}: ${JSON.stringify(answer)}`);
    this.#stops.push(() => this.#server.call({ method: "DELETE", path: `${path}/${name}` }));
  }
}
