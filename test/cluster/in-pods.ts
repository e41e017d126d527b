import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SidegateClient } from "../../client/index.ts";
import { Processes, type RunningProcess } from "../support/processes.ts";
import { Kubectl } from "./kubectl.ts";

/**
 * An installed operator as a process, its webhook for pods, and sidecars with the tokens that a kubelet would mount. The
 * API server reaches the webhook at localhost, which is why the Service has that name.
 */
export class InPods {
  readonly #id = randomUUID().slice(0, 8);
  readonly system = `in-pods-${this.#id}-system`;
  /** Enforces the Pod Security standard "restricted". */
  readonly shop = `in-pods-${this.#id}-shop`;
  readonly other = `in-pods-${this.#id}-other`;
  readonly kubectl: Kubectl;
  readonly #webhook = `in-pods-${this.#id}`;
  readonly #kubeconfig: string;
  readonly #processes = new Processes();
  readonly #clients: SidegateClient[] = [];
  #folder = "";
  #operator = "";

  /** @param kubeconfig a file */
  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
    this.kubectl = new Kubectl(kubeconfig, this.shop);
  }

  async begin(preset: string): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "sidegate-in-pods-"));
    for (const name of [this.system, this.shop, this.other])
      await this.kubectl.run(`create namespace ${name}`);
    await this.kubectl.run(`label namespace ${this.shop} pod-security.kubernetes.io/enforce=restricted`);
    await this.kubectl.run("apply --server-side -k crds");
    await this.kubectl.run(`apply -f ${preset}`);
    // The chart has it; it stays for whoever else tries the warning's command.
    await this.kubectl
      .run("create clusterrole sidegate-sync --verb=sync --resource=accessdomains.sidegate.dev")
      .catch((error: Error) => {
        if (!error.message.includes("AlreadyExists")) throw error;
      });
    await this.#startOperator();
  }

  async end(): Promise<void> {
    await this.kubectl.run(`delete mutatingwebhookconfiguration ${this.#webhook} --ignore-not-found`);
    const { system, shop, other } = this;
    await this.kubectl.run(`delete clusterrole,clusterrolebinding ${this.#webhook} --ignore-not-found`);
    await this.kubectl.run(`delete namespace ${shop} ${other} --timeout=100s`);
    for (const client of this.#clients) client.close();
    await this.#processes.end();
    await this.kubectl.run(`delete namespace ${system} --timeout=100s`);
    await rm(this.#folder, { recursive: true });
  }

  /** Lets an account receive the policies of all domains, as that of a node's sidecar may. */
  async letSyncAll(namespace: string, account: string): Promise<void> {
    await this.kubectl.run(
      `create clusterrole ${this.#webhook} --verb=sync --resource=accessdomains.sidegate.dev`,
    );
    const binding = `create clusterrolebinding ${this.#webhook} --clusterrole=${this.#webhook}`;
    await this.kubectl.run(`${binding} --serviceaccount=${namespace}:${account}`);
  }

  /** Starts `sidegate sidecar` or `sidegate node` with what a pod of an account would have mounted. */
  async startSidecar(command: "sidecar" | "node", namespace: string, account: string, ...args: string[]) {
    const socket = join(this.#folder, `${command}.sock`);
    const trust = ["get", "configmap", "sidegate-trust", "-o"];
    const ca = await this.#keep("ca.crt", await this.kubectl.exec([...trust, "jsonpath={.data.ca\\.crt}"]));
    const keys = await this.kubectl.exec([...trust, "jsonpath={.data.policy-keys\\.json}"]);
    const token = await this.tokenFile(namespace, account, "sidegate.dev/operator");
    const process = this.#processes.sidegate([
      ...[command, "--operator", this.#operator, "--server-name", "localhost", "--ca", ca],
      ...["--token-file", token, "--policy-keys", await this.#keep("policy-keys.json", keys)],
      ...["--socket", socket, "--data-dir", join(this.#folder, command), ...args],
    ]);
    return { process, address: `unix:${socket}` };
  }

  /** A client in a pod of an account, or in none. */
  async client(address: string, tokenFile?: string): Promise<SidegateClient> {
    const client = new SidegateClient({ address, tokenFile, deadlineMs: 20_000 });
    this.#clients.push(client);
    return client;
  }

  /** A file with a token as a kubelet would project it. */
  async tokenFile(namespace: string, account: string, audience: string): Promise<string> {
    const token = await this.kubectl.run(`create token ${account} -n ${namespace} --audience ${audience}`);
    return this.#keep(`token-${randomUUID()}`, token);
  }

  async #keep(name: string, text: string): Promise<string> {
    const path = join(this.#folder, name);
    await writeFile(path, text);
    return path;
  }

  async #startOperator(): Promise<void> {
    const settings = { image: "sidegate:1", operators: ["localhost:7440"], modes: ["sidecar", "node"] };
    const injection = await this.#keep("injection.yaml", JSON.stringify(settings));
    const operator = this.#processes.sidegate(
      [
        ...["operator", "--listen", "127.0.0.1:0", "--replica", "op-0", "--service", "localhost"],
        ...["--release-namespace", this.system, "--mutating-webhook", this.#webhook],
        ...["--webhooks", "127.0.0.1:0", "--injection", injection],
      ],
      { env: { KUBECONFIG: this.#kubeconfig } },
    );
    const webhooks = portOf(await operator.logged("Serves webhooks"));
    this.#operator = `localhost:${portOf(await operator.logged("Serves policies to sidecars"))}`;
    await this.kubectl.run("create -f -", JSON.stringify(this.#configuration(webhooks)));
    await operator.logged("Ready");
    await operator.logged("Wrote the authorities that the API server trusts", { name: this.#webhook });
  }

  #configuration(port: string): object {
    const namespaces = {
      key: "kubernetes.io/metadata.name",
      operator: "In",
      values: [this.shop, this.other],
    };
    return {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: this.#webhook },
      webhooks: [
        {
          name: "inject.sidegate.dev",
          clientConfig: { url: `https://localhost:${port}/inject` },
          rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
          namespaceSelector: { matchExpressions: [namespaces] },
          objectSelector: { matchLabels: { "sidegate.dev/inject": "true" } },
          reinvocationPolicy: "IfNeeded",
          sideEffects: "NoneOnDryRun",
          admissionReviewVersions: ["v1"],
        },
      ],
    };
  }
}

function portOf(line: Awaited<ReturnType<RunningProcess["logged"]>>): string {
  return String(line.address).replace(/^.*:/, "");
}
