import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crds } from "../../crds/definitions.ts";
import { type Ending, eventually, Processes, type RunningProcess } from "../support/processes.ts";
import { SidecarProcess } from "../support/sidecar-process.ts";
import { Kubectl } from "./kubectl.ts";

/** A user with a cluster: kubectl in a namespace of its own, an operator and a sidecar as processes, and a shell. */
export class Journey {
  readonly namespace = `end-to-end-${randomUUID().slice(0, 8)}`;
  readonly kubectl: Kubectl;
  readonly #kubeconfig: string;
  readonly #processes = new Processes();
  #folder = "";
  #operator: RunningProcess | undefined;
  #sidecar: SidecarProcess | undefined;

  /** @param kubeconfig a file */
  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
    this.kubectl = new Kubectl(kubeconfig, this.namespace);
  }

  /** Applies the CRDs and a preset. */
  async begin(preset: string): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "sidegate-end-to-end-"));
    await this.kubectl.run(`create namespace ${this.namespace}`);
    await this.kubectl.run("apply -k crds");
    const names = crds.map((crd) => `crd/${crd.metadata.name}`);
    await this.kubectl.run(`wait --for=condition=Established --timeout=60s ${names.join(" ")}`);
    await this.kubectl.run(`apply -f ${preset}`);
  }

  /** Removes everything but the CRDs, which the cluster's other users may need. */
  async end(): Promise<void> {
    // The operator has to live for it: it lets go of what it holds by finalizers.
    if (this.#operator?.isGone) await this.startOperator();
    await this.kubectl.run(`delete namespace ${this.namespace} --ignore-not-found --timeout=100s`);
    this.#sidecar?.closeClients();
    await this.#processes.end();
    if (this.#folder !== "") await rm(this.#folder, { recursive: true });
  }

  get #operatorAddress(): string {
    return `unix:${join(this.#folder, "operator.sock")}`;
  }

  async startOperator(): Promise<void> {
    const args = ["operator", "--namespace", this.namespace, "--listen", this.#operatorAddress];
    this.#operator = this.#processes.sidegate(args, { env: { KUBECONFIG: this.#kubeconfig } });
    await this.#operator.logged("Ready");
  }

  async startSidecar(): Promise<void> {
    const folder = join(this.#folder, "sidecar");
    const operators = [this.#operatorAddress];
    this.#sidecar = new SidecarProcess(this.#processes, { folder, operators, domains: [this.namespace] });
    await this.#sidecar.process.logged("Ready: every domain has a policy");
  }

  async killOperator(): Promise<void> {
    await this.#operator?.end("SIGKILL");
  }

  async killSidecar(): Promise<void> {
    this.#sidecar?.closeClients();
    await this.#sidecar?.process.end("SIGKILL");
  }

  /**
   * The answer to "may this user do that there?": "Allowed", or the reason and what the user may learn, "NoGrant NotFound".
   *
   * @param minPosition consistency tokens that the answer waits for
   */
  async ask(
    user: string,
    permission: string,
    scope: string,
    minPosition: readonly string[] = [],
  ): Promise<string> {
    const subject = { kind: "User", name: user } as const;
    const { allowed, reason, disclosure } = await this.#client.check({
      subject,
      permission,
      scope,
      minPosition,
    });
    return allowed ? reason : `${reason} ${disclosure}`;
  }

  /** Waits for an answer that no consistency token leads to, because the operator has to write first. */
  async becomes(user: string, permission: string, scope: string, answer: string): Promise<void> {
    await eventually(() => this.ask(user, permission, scope), answer);
  }

  /** Runs `sidegate check` to its end. */
  check(...args: string[]): Promise<Ending & { stdout: string }> {
    return this.#run("check", ...args);
  }

  /** Compares a folder with what the namespace holds. */
  diff(folder: string): Promise<Ending & { stdout: string }> {
    return this.#run("diff", folder, `cluster:${this.namespace}`);
  }

  async #run(...args: string[]): Promise<Ending & { stdout: string }> {
    const command = this.#processes.sidegate(args, { env: { KUBECONFIG: this.#kubeconfig } });
    const ending = await command.ended;
    return { ...ending, stdout: command.stdout };
  }

  /** Where the sidecar answers. */
  get address(): string {
    return this.#running.address;
  }

  get #running(): SidecarProcess {
    if (this.#sidecar === undefined) throw new Error("no sidecar runs");
    return this.#sidecar;
  }

  get #client(): SidecarProcess["client"] {
    return this.#running.client;
  }
}
