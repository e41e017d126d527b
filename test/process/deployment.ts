import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as plainTest } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { Manifest } from "../fake-apiserver/objects.ts";
import {
  type FakeApiServer,
  type FakeApiServerOptions,
  startFakeApiServer,
} from "../fake-apiserver/start.ts";
import { Processes, type RunningProcess } from "../support/processes.ts";
import { SidecarProcess } from "../support/sidecar-process.ts";
import { binding, build, DOMAIN, role } from "../worlds/build.ts";

export interface StartOptions {
  /** Further arguments of the command line. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * A fake API server, an operator and sidecars, the latter as processes of the command line. They meet at Unix sockets in a
 * folder of the deployment's own, so that whatever comes back comes back at the same place and disturbs nobody.
 */
export class Deployment {
  readonly processes = new Processes();
  readonly folder: string;
  server: FakeApiServer;
  readonly #sidecars: SidecarProcess[] = [];

  private constructor(folder: string, server: FakeApiServer) {
    this.folder = folder;
    this.server = server;
  }

  /** Starts the API server alone. */
  static async start(options: FakeApiServerOptions = {}): Promise<Deployment> {
    const folder = await mkdtemp(join(tmpdir(), "sidegate-process-"));
    const server = await startFakeApiServer(options);
    await writeFile(join(folder, "kubeconfig"), server.kubeconfig());
    return new Deployment(folder, server);
  }

  /** Where sidecars find the operator. */
  get operatorAddress(): string {
    return `unix:${join(this.folder, "operator.sock")}`;
  }

  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }

  /** Creates or replaces an object and returns the consistency token of the write. */
  put(object: SidegateObject): string {
    const { kind, metadata } = this.server.objects.put(object as unknown as Manifest);
    return `${kind}:${metadata.resourceVersion}`;
  }

  /** Deletes an object and returns the consistency token of the write. */
  remove({ kind, metadata: { namespace = DOMAIN, name } }: SidegateObject): string {
    this.server.objects.delete({ kind, namespace, name });
    return `${kind}:${this.server.resourceVersion()}`;
  }

  putAll(objects: readonly SidegateObject[]): void {
    for (const object of objects) this.put(object);
  }

  /** Starts an operator; returns when it has read and published everything. */
  async startOperator(options: StartOptions = {}): Promise<RunningProcess> {
    const operator = this.launchOperator(options);
    await operator.logged("Ready");
    return operator;
  }

  /** Starts an operator and does not wait for it. */
  launchOperator({ args = [], env = {} }: StartOptions = {}): RunningProcess {
    const all = ["operator", "--kubeconfig", this.kubeconfig, "--listen", this.operatorAddress, ...args];
    return this.processes.sidegate(all, { env });
  }

  /** Starts the sidecar that keeps its policies under this name; returns when it answers, whatever it answers. */
  async startSidecar(
    name = "sidecar",
    domains: readonly string[] = [DOMAIN],
    operators: readonly string[] = [this.operatorAddress],
  ): Promise<SidecarProcess> {
    const folder = join(this.folder, name);
    const sidecar = new SidecarProcess(this.processes, { folder, operators, domains });
    this.#sidecars.push(sidecar);
    await sidecar.process.logged("Listening for checks");
    return sidecar;
  }

  /** Ends all processes and the API server, and removes the folder. */
  async end(): Promise<void> {
    for (const sidecar of this.#sidecars) sidecar.closeClients();
    await this.processes.end();
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }
}

/**
 * A test with deployments of its own, which end with it. Tests of processes mostly wait, so those of a file run at the
 * same time.
 */
export const test = plainTest.extend<{ deploy: (options?: FakeApiServerOptions) => Promise<Deployment> }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it which fixtures this one needs
  deploy: async ({}, use) => {
    const all: Deployment[] = [];
    await use(async (options) => {
      const deployment = await Deployment.start(options);
      all.push(deployment);
      return deployment;
    });
    await Promise.all(all.map((deployment) => deployment.end()));
  },
});

/** How long a test of processes may take: a slow machine must not fail it. */
export const LIMIT = { timeout: 240_000 };

/** A domain in which those who are bound may view logs on the platform. */
export const basics: readonly SidegateObject[] = [
  build("PermissionCatalog", "logs", {
    resources: [{ name: "logs", level: "Platform", verbs: [{ name: "view" }] }],
  }),
  role("viewer", { rules: [{ resources: ["logs"], verbs: ["view"] }] }),
];

/** Lets a user view logs on the platform. */
export const viewing = (user: string) => binding(`${user}-views`, "viewer", `User:${user}`, "platform");

/** The same object in another namespace. */
export function inDomain<Object extends SidegateObject>(domain: string, object: Object): Object {
  return { ...object, metadata: { ...object.metadata, namespace: domain } };
}
