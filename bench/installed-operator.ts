import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { KubeApi } from "../operator/kube/kube-api.ts";
import { isNotFound } from "../operator/kube/kube-error.ts";
import { namespaceResource } from "../operator/source/kubernetes/sidegate-resources.ts";
import { bundle, startBundled } from "./bundled.ts";
import type { Command } from "./child-processes.ts";
import { createObjects, together } from "./create-objects.ts";
import { createNamespace } from "./open-api.ts";
import { pauseMs } from "./pause.ts";
import type { RawApi } from "./raw-api.ts";
import type { WorldSize } from "./world-plan.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const SERVICE = "sidegate-operator";
const SIDECAR = "sidecar";
const LASTS_SECONDS = 7_200;

export interface InstalledOperatorOptions {
  readonly api: KubeApi;
  readonly raw: RawApi;
  /** The administrator's. */
  readonly kubeconfig: string;
  readonly directory: string;
  /** The domain, which must not exist; the operator's own objects are in NAMESPACE-system. */
  readonly namespace: string;
  readonly size: WorldSize;
}

/** What sidecars need. */
export interface Way {
  /** "HOST:PORT" */
  readonly address: string;
  readonly serverName: string;
  /** Files. */
  readonly ca: string;
  readonly policyKeys: string;
}

/**
 * An operator as an installation has it, one replica, bundled as in the image: TLS by its own authority, signed policies,
 * tokens of pods, leadership and reports. It reads as a service account of its own, so that its requests can be told from others.
 */
export class InstalledOperator implements Disposable {
  readonly command: Command;
  readonly way: Way;
  readonly #options: InstalledOperatorOptions;

  /** As the API server calls it. */
  static user(namespace: string): string {
    return `system:serviceaccount:${namespace}-system:${SERVICE}`;
  }

  /** Fills the domain, starts the operator, and resolves when it serves all of it. */
  static async start(options: InstalledOperatorOptions): Promise<InstalledOperator> {
    const { api, namespace, size, directory, kubeconfig } = options;
    const system = `${namespace}-system`;
    for (const name of [namespace, system]) await createNamespace(api, name);
    await allow(options);
    await createObjects(api, namespace, size);
    const own = join(directory, "operator.kubeconfig");
    writeFileSync(own, await kubeconfigOf(options));
    const command = startBundled(
      bundle(directory),
      ...["operator", "--kubeconfig", own, "--namespace", namespace, "--listen", "127.0.0.1:0"],
      ...["--replica", "bench-0", "--release-namespace", system, "--service", SERVICE],
      ...["--log-level", "info", "--grace", "1"],
    );
    try {
      const { address } = await command.logged("Serves policies to sidecars");
      await command.logged("Ready");
      const trust = await trustOf(api, namespace);
      const [ca, policyKeys] = [join(directory, "ca.crt"), join(directory, "policy-keys.json")];
      writeFileSync(ca, trust["ca.crt"] ?? "");
      writeFileSync(policyKeys, trust["policy-keys.json"] ?? "");
      const serverName = `${SERVICE}.${system}.svc`;
      return new InstalledOperator(options, command, {
        ...{ address: String(address), serverName, ca, policyKeys },
      });
    } catch (error) {
      command[Symbol.dispose]();
      throw new Error(`The operator did not start with ${kubeconfig}`, { cause: error });
    }
  }

  private constructor(options: InstalledOperatorOptions, command: Command, way: Way) {
    this.#options = options;
    this.command = command;
    this.way = way;
  }

  /** Makes pods that never run, and a token for the sidecar of each. */
  async tokens(prefix: string, count: number): Promise<string[]> {
    const { raw, namespace } = this.#options;
    const tokens: string[] = [];
    await together(Array(count).keys(), async (index) => {
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const { metadata } = await raw.post(pods, podOf(`${prefix}-${index}`));
      const boundObjectRef = { kind: "Pod", apiVersion: "v1", name: metadata.name, uid: metadata.uid };
      tokens[index] = await this.#issue(boundObjectRef);
    });
    return tokens;
  }

  /** Deletes the domain while there is somebody who lets go of what has finalizers, then stops. */
  async remove(): Promise<void> {
    const { api, namespace } = this.#options;
    await api.delete(namespaceResource, undefined, namespace);
    const isThere = () =>
      api.get(namespaceResource, undefined, namespace).then(
        () => true,
        (error) => !isNotFound(error),
      );
    while (await isThere()) await pauseMs(500);
    await this.command.stop();
  }

  [Symbol.dispose](): void {
    this.command[Symbol.dispose]();
  }

  async #issue(boundObjectRef: object): Promise<string> {
    const { raw, namespace } = this.#options;
    const spec = { audiences: ["sidegate.dev/operator"], expirationSeconds: LASTS_SECONDS, boundObjectRef };
    return tokenOf(raw, namespace, SIDECAR, spec);
  }
}

/** Removes what `start` made; what has finalizers stays until there is an operator again. */
export async function removeInstallation({ api, raw, namespace }: InstalledOperatorOptions): Promise<void> {
  const binding = `${RBAC}/clusterrolebindings/${namespace}`;
  const gone = [
    raw.delete(binding),
    api.delete(namespaceResource, undefined, namespace),
    api.delete(namespaceResource, undefined, `${namespace}-system`),
  ];
  await Promise.allSettled(gone);
}

function podOf(name: string): object {
  const containers = [{ name: "app", image: "none" }];
  const spec = { serviceAccountName: SIDECAR, automountServiceAccountToken: false, containers };
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec };
}

/** Accounts and rights: all for the operator, whose own rights are tested elsewhere, and `sync` for sidecars. */
async function allow({ raw, namespace }: InstalledOperatorOptions): Promise<void> {
  const system = `${namespace}-system`;
  const apiGroup = "rbac.authorization.k8s.io";
  const accountsOf = (name: string) => `/api/v1/namespaces/${name}/serviceaccounts`;
  await raw.post(accountsOf(system), { metadata: { name: SERVICE } });
  await raw.post(accountsOf(namespace), { metadata: { name: SIDECAR } });
  await raw.post(`${RBAC}/clusterrolebindings`, {
    metadata: { name: namespace },
    roleRef: { apiGroup, kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", namespace: system, name: SERVICE }],
  });
  const rules = [{ apiGroups: ["sidegate.dev"], resources: ["accessdomains"], verbs: ["sync"] }];
  await raw.post(`${RBAC}/namespaces/${namespace}/roles`, { metadata: { name: "sync" }, rules });
  await raw.post(`${RBAC}/namespaces/${namespace}/rolebindings`, {
    metadata: { name: "sync" },
    roleRef: { apiGroup, kind: "Role", name: "sync" },
    subjects: [{ kind: "ServiceAccount", namespace, name: SIDECAR }],
  });
}

async function kubeconfigOf({ raw, kubeconfig, namespace }: InstalledOperatorOptions): Promise<string> {
  const token = await tokenOf(raw, `${namespace}-system`, SERVICE, { expirationSeconds: LASTS_SECONDS });
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`${kubeconfig} names no cluster`);
  const own = new KubeConfig();
  own.loadFromClusterAndUser(cluster, { name: SERVICE, token });
  return own.exportConfig();
}

async function tokenOf(raw: RawApi, namespace: string, account: string, spec: object): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const { status } = await raw.post(path, { spec });
  return (status as { token: string }).token;
}

/** What the operator gives to whoever is to trust it, once it has. */
async function trustOf(api: KubeApi, namespace: string): Promise<Readonly<Record<string, string>>> {
  const configMap = { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap" };
  for (;;) {
    const found = await api.get(configMap, namespace, "sidegate-trust").catch(() => undefined);
    if (found !== undefined) return found.data as Record<string, string>;
    await pauseMs(50);
  }
}
