import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { KubeConfig } from "@kubernetes/client-node";
import { expect } from "vitest";
import { DomainCompiler } from "../../../engine/compile/domain-compiler.ts";
import { type Kind, kinds, plurals, type SidegateObject } from "../../../engine/model/objects.generated.ts";
import {
  eventually,
  PATIENCE,
  Processes,
  projectRoot,
  type RunningProcess,
} from "../../support/processes.ts";
import { SidecarProcess } from "../../support/sidecar-process.ts";
import { ApiServer } from "../api-server.ts";
import { applyCrds } from "../apply-crds.ts";
import { SwitchableProxy } from "./switchable-proxy.ts";
import { Witness } from "./witness.ts";

/** One process of the operator, and its way to the API server. */
export interface Replica {
  readonly name: string;
  readonly process: RunningProcess;
  readonly proxy: SwitchableProxy;
}

/** How the clocks of a process differ from this one's. */
export interface OtherClock {
  readonly speed?: number;
  readonly aheadMs?: number;
}

export interface SidecarStart {
  readonly clock?: OtherClock;
  /** Further arguments of the command line. */
  readonly args?: readonly string[];
  /** Instead of a new one. */
  readonly token?: string;
  /** Addresses instead of those of all replicas. */
  readonly operators?: readonly string[];
}

export interface InstallationOptions {
  /** `staleness.maxSeconds`; 300 as by default. */
  readonly maxSeconds?: number;
  /** What every replica is started with besides. @param namespace the domain */
  readonly args?: (namespace: string) => readonly string[];
}

/** The name in the certificates of replicas: that of their Service. */
const SERVICE = "localhost";
const ACCOUNT = "web";

/**
 * An installation on an API server whose parts a test breaks: replicas, each with a proxy of its own before the API server,
 * and sidecars with real tokens that know all replicas, all as processes of the command line.
 */
export class Installation {
  readonly #id = randomUUID().slice(0, 8);
  /** The domain. */
  readonly namespace = `faults-${this.#id}`;
  readonly system = `faults-${this.#id}-system`;
  readonly witness = new Witness();
  readonly server: ApiServer;
  readonly processes = new Processes();
  readonly #kubeconfig: string;
  readonly #options: InstallationOptions;
  readonly #replicas = new Map<string, Replica>();
  readonly #sidecars: SidecarProcess[] = [];
  #folder = "";

  /** @param kubeconfig a file */
  constructor(kubeconfig: string, options: InstallationOptions = {}) {
    this.#kubeconfig = kubeconfig;
    this.#options = options;
    this.server = new ApiServer(kubeconfig);
  }

  /** Makes a domain in which those who are bound may view logs, an account for sidecars, and what replicas find each other by. */
  async begin(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "sidegate-faults-"));
    await applyCrds(this.server);
    for (const name of [this.namespace, this.system])
      await this.post("/api/v1/namespaces", { kind: "Namespace", apiVersion: "v1", metadata: { name } });
    await this.post(`/api/v1/namespaces/${this.namespace}/serviceaccounts`, { metadata: { name: ACCOUNT } });
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${this.namespace}`;
    await this.post(`${rbac}/roles`, {
      metadata: { name: "sync" },
      rules: [{ apiGroups: ["sidegate.dev"], resources: ["accessdomains"], verbs: ["sync"] }],
    });
    await this.post(`${rbac}/rolebindings`, {
      metadata: { name: "sync" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "sync" },
      subjects: [{ kind: "ServiceAccount", namespace: this.namespace, name: ACCOUNT }],
    });
    await this.create("AccessDomain", "default", {
      staleness: { maxSeconds: this.#options.maxSeconds ?? 300 },
    });
    await this.create("PermissionCatalog", "logs", {
      resources: [{ name: "logs", level: "Platform", verbs: [{ name: "view" }] }],
    });
    await this.create("AccessRole", "viewer", {
      assignableAt: ["Platform"],
      rules: [{ resources: ["logs"], verbs: ["view"] }],
    });
    await this.bind("always");
  }

  /** Starts replicas, and then sidecars, all at once. Returns them in this order. */
  async start(
    replicas: readonly string[],
    sidecars: readonly string[],
    clock: OtherClock = {},
  ): Promise<[Replica[], SidecarProcess[]]> {
    this.witness.expect("always", "Allowed");
    this.witness.expect("never", "NoGrant");
    return [
      await Promise.all(replicas.map((name) => this.startReplica(name, clock))),
      await Promise.all(sidecars.map((name) => this.startSidecar(name, { clock }))),
    ];
  }

  /** Ends all processes, and removes what is in the cluster without their help. */
  async end(): Promise<void> {
    await this.witness.stop();
    for (const sidecar of this.#sidecars) sidecar.closeClients();
    await this.processes.end();
    for (const { proxy } of this.#replicas.values()) await proxy.close();
    for (const kind of kinds)
      for (const { metadata } of await this.list(kind))
        await this.server.call({
          ...{
            method: "PATCH",
            path: this.#path(kind, metadata.name),
            body: { metadata: { finalizers: null } },
          },
          contentType: "application/merge-patch+json",
        });
    for (const name of [this.namespace, this.system])
      await this.server.call({ method: "DELETE", path: `/api/v1/namespaces/${name}` });
    await rm(this.#folder, { recursive: true });
  }

  /** Starts a replica, or starts one again under its name; returns when it is ready. */
  async startReplica(name: string, clock: OtherClock = {}): Promise<Replica> {
    const config = new KubeConfig();
    config.loadFromFile(this.#kubeconfig);
    const { hostname, port } = new URL(config.getCurrentCluster()?.server ?? "");
    const proxy =
      this.#replicas.get(name)?.proxy ?? (await SwitchableProxy.start(hostname, Number(port || 443)));
    const described = JSON.parse(config.exportConfig());
    for (const { cluster } of described.clusters) cluster.server = `https://127.0.0.1:${proxy.port}`;
    const kubeconfig = await this.keep(`${name}.kubeconfig`, JSON.stringify(described));
    const process = this.processes.sidegate(
      [
        ...["operator", "--kubeconfig", kubeconfig, "--namespace", this.namespace],
        ...["--replica", name, "--release-namespace", this.system, "--service", SERVICE],
        ...["--listen", this.addressOf(name), ...(this.#options.args?.(this.namespace) ?? [])],
      ],
      { env: environmentOf(clock) },
    );
    const replica = { name, process, proxy };
    this.#replicas.set(name, replica);
    await process.logged("Ready");
    return replica;
  }

  /** Starts a sidecar of the account with what the kubelet would mount, and asks it from its first policy on. */
  async startSidecar(name: string, options: SidecarStart = {}): Promise<SidecarProcess> {
    const sidecar = await this.launchSidecar(name, options);
    await eventually(() => sidecar.ask("always"), "Allowed");
    this.witness.watch(name, sidecar);
    return sidecar;
  }

  /** The same without waiting for a policy. Under the same name it finds what it kept on its disk. */
  async launchSidecar(
    name: string,
    { clock = {}, args = [], operators, token: given }: SidecarStart = {},
  ): Promise<SidecarProcess> {
    const folder = join(this.#folder, name);
    await mkdir(folder, { recursive: true });
    const token = await this.keep(`${name}/token`, given ?? (await this.issueToken()));
    const { ca, keys } = await this.mountTrust(name);
    const sidecar = new SidecarProcess(this.processes, {
      folder,
      operators: operators ?? [...this.#replicas.keys()].map((replica) => this.addressOf(replica)),
      domains: [this.namespace],
      args: [
        ...["--ca", ca, "--policy-keys", keys, "--server-name", SERVICE, "--token-file", token],
        ...["--name", name, ...args],
      ],
      env: environmentOf(clock),
    });
    this.#sidecars.push(sidecar);
    await sidecar.process.logged("Listening for checks");
    return sidecar;
  }

  /** What sidecars trust, as the ConfigMap of the namespace says now, in files of a sidecar. */
  async mountTrust(sidecar: string): Promise<{ ca: string; keys: string }> {
    const path = `/api/v1/namespaces/${this.namespace}/configmaps/sidegate-trust`;
    const read = async () => (await this.server.call({ method: "GET", path })).body;
    await eventually(async () => (await read()).kind, "ConfigMap");
    const data = (await read()).data as Record<string, string>;
    return {
      ca: await this.keep(`${sidecar}/ca.crt`, data["ca.crt"] ?? ""),
      keys: await this.keep(`${sidecar}/policy-keys.json`, data["policy-keys.json"] ?? ""),
    };
  }

  async issueToken(audience = "sidegate.dev/operator"): Promise<string> {
    const path = `/api/v1/namespaces/${this.namespace}/serviceaccounts/${ACCOUNT}/token`;
    const answer = await this.post(path, { spec: { audiences: [audience] } });
    return (answer.status as { token: string }).token;
  }

  /** Lets a user view logs. */
  bind(user: string): Promise<unknown> {
    return this.create("AccessRoleBinding", user, {
      ...{ role: "viewer", subjects: [{ kind: "User", name: user }], scope: { kind: "Platform" } },
    });
  }

  /** Lets a user view logs, and returns when every sidecar does. */
  async bindEffectively(user: string): Promise<void> {
    await this.bind(user);
    await this.isEffective(user);
    this.witness.expect(user, "Allowed");
  }

  /** Marks the binding of a user for deletion. Until it is gone, sidecars may give either answer. */
  async unbind(user: string): Promise<void> {
    this.witness.expect(user, "Allowed", "NoGrant");
    const path = this.#path("AccessRoleBinding", user);
    const { status, body } = await this.server.call({ method: "DELETE", path });
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
  }

  /** Resolves when a binding that was marked for deletion is gone, from when on nobody may honour it. */
  async isGone(user: string): Promise<void> {
    await expect.poll(() => this.isThere(user), { timeout: 150_000 }).toBe(false);
    this.witness.expect(user, "NoGrant");
  }

  async isThere(user: string): Promise<boolean> {
    return (await this.get("AccessRoleBinding", user)) !== undefined;
  }

  /** "False Propagating: ...": what an object says of its present generation. */
  async effective(name: string, kind: Kind = "AccessRoleBinding"): Promise<string> {
    const object = await this.get(kind, name);
    const condition = object?.status?.conditions?.find(({ type }) => type === "Effective");
    if (condition === undefined || condition.observedGeneration !== object?.metadata.generation)
      return "not said";
    return `${condition.status} ${condition.reason}: ${condition.message}`;
  }

  async isEffective(name: string): Promise<void> {
    await expect.poll(() => this.effective(name), { timeout: 150_000 }).toMatch(/^True/);
  }

  /** Resolves once a change has come everywhere: somebody is given access, and all that runs is of one opinion. */
  async isWell(user: string): Promise<void> {
    await this.bindEffectively(user);
    await this.witness.hears(10);
    this.witness.isContent();
  }

  /** How many sidecars the replicas' stored reports list as connected: whoever is among them when its replica is killed is waited for. */
  async reportedSidecars(): Promise<number> {
    const path = `/apis/sidegate.dev/v1alpha1/namespaces/${this.system}/deliveryreports`;
    const { items } = (await this.server.call({ method: "GET", path })).body as unknown as {
      readonly items: readonly { readonly sidecars?: number }[];
    };
    return items.reduce((sum, { sidecars = 0 }) => sum + sidecars, 0);
  }

  /** The revision that the domain's objects make, compiled by nobody who has seen how they came about. */
  async freshRevision(): Promise<string> {
    const compiler = new DomainCompiler(this.namespace);
    for (const kind of kinds) for (const object of await this.list(kind)) compiler.put(object);
    return compiler.compile({}).revision;
  }

  /** The replica that leads, once one of those named does. */
  async leadingOf(...names: readonly string[]): Promise<Replica> {
    await expect.poll(() => this.leader(), { timeout: 120_000 }).toBeOneOf([...names]);
    return this.replica((await this.leader()) ?? "");
  }

  replica(name: string): Replica {
    const found = this.#replicas.get(name);
    if (found === undefined) throw new Error(`no replica ${name}`);
    return found;
  }

  /** Resolves when all sidecars decide by what the objects make. */
  async isOneRevision(...sidecars: readonly SidecarProcess[]): Promise<void> {
    const look = () => Promise.all(sidecars.map((sidecar) => sidecar.revision()));
    await expect
      .poll(async () => {
        const fresh = await this.freshRevision();
        return (await look()).filter((revision) => revision !== fresh);
      }, PATIENCE)
      .toEqual([]);
  }

  async leader(): Promise<string | undefined> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${this.system}/leases/sidegate-operator`;
    const { body } = await this.server.call({ method: "GET", path });
    return (body.spec as { holderIdentity?: string } | undefined)?.holderIdentity;
  }

  async create(kind: Kind, name: string, spec: object): Promise<unknown> {
    return this.post(this.#path(kind), {
      ...{ apiVersion: "sidegate.dev/v1alpha1", kind, metadata: { name, namespace: this.namespace }, spec },
    });
  }

  async get(kind: Kind, name: string): Promise<SidegateObject | undefined> {
    const { status, body } = await this.server.call({ method: "GET", path: this.#path(kind, name) });
    return status === 200 ? (body as unknown as SidegateObject) : undefined;
  }

  async list(kind: Kind): Promise<SidegateObject[]> {
    const { body } = await this.server.call({ method: "GET", path: this.#path(kind) });
    const items = (body.items ?? []) as SidegateObject[];
    return items.map((item) => ({ ...item, apiVersion: "sidegate.dev/v1alpha1", kind }) as SidegateObject);
  }

  async post(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.server.call({ method: "POST", path, body });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Writes a file of the installation. */
  async keep(name: string, text: string): Promise<string> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  /** Where sidecars reach a replica. */
  addressOf(replica: string): string {
    return `unix:${join(this.#folder, `${replica}.sock`)}`;
  }

  #path(kind: Kind, name?: string): string {
    const all = `/apis/sidegate.dev/v1alpha1/namespaces/${this.namespace}/${plurals[kind]}`;
    return name === undefined ? all : `${all}/${name}`;
  }
}

function environmentOf({ speed, aheadMs }: OtherClock): NodeJS.ProcessEnv {
  if (speed === undefined && aheadMs === undefined) return {};
  return {
    NODE_OPTIONS: `--import=${pathToFileURL(join(projectRoot, "test/support/other-clock.ts"))}`,
    ...(speed !== undefined && { SIDEGATE_TEST_SPEED: String(speed) }),
    ...(aheadMs !== undefined && { SIDEGATE_TEST_AHEAD_MS: String(aheadMs) }),
  };
}
