import { readPolicyKeys } from "../sidecar/trust/read-policy-keys.ts";
import { createVerifier } from "../sidecar/trust/verifier.ts";
import { pauseMs } from "./pause.ts";
import { SharedMessages } from "./shared-messages.ts";
import { SimulatedSidecar } from "./simulated-sidecar.ts";

export interface SimulatedFleetOptions {
  /** "HOST:PORT" */
  readonly address: string;
  readonly serverName: string;
  /** PEM. */
  readonly ca: string;
  /** JWKS. */
  readonly policyKeys: string;
  readonly domain: string;
  /** One for each sidecar. */
  readonly tokens: readonly string[];
}

/** Sidecars that connect at once. */
const TOGETHER = 200;
/** That long nothing is pushed any more. */
const QUIET_MS = 1_500;

/** Many simulated sidecars of one domain. */
export class SimulatedFleet {
  readonly #options: SimulatedFleetOptions;
  readonly #sidecars: SimulatedSidecar[] = [];

  constructor(options: SimulatedFleetOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#options.tokens.length;
  }

  /** Policies that all of them took. */
  get taken(): number {
    return this.#sidecars.reduce((sum, { taken }) => sum + taken, 0);
  }

  /** Commits that came to any of them before the last one was answered. */
  get early(): number {
    return this.#sidecars.reduce((sum, { early }) => sum + early, 0);
  }

  /** Resolves when each has a policy. */
  async connect(): Promise<void> {
    const { tokens, policyKeys, ...options } = this.#options;
    const messages = new SharedMessages(createVerifier(readPolicyKeys(policyKeys).keys));
    for (const [index, token] of tokens.entries()) {
      this.#sidecars.push(new SimulatedSidecar({ ...options, token, name: `simulated-${index}`, messages }));
      while (this.#count(({ revision }) => revision === "") >= TOGETHER) await pauseMs(2);
    }
    while (this.#count(({ revision }) => revision === "") > 0) await pauseMs(2);
  }

  /** Resolves once all have the same policy, and no other has come for a while. @returns when the last one came */
  async settled(): Promise<number> {
    let [taken, since] = [this.taken, performance.now()];
    while (this.#revisions() > 1 || performance.now() - since < QUIET_MS) {
      await pauseMs(5);
      if (this.taken === taken) continue;
      [taken, since] = [this.taken, performance.now()];
    }
    return since;
  }

  close(): void {
    for (const sidecar of this.#sidecars) sidecar.close();
  }

  #revisions(): number {
    this.#check();
    return new Set(this.#sidecars.map(({ revision }) => revision)).size;
  }

  #count(holds: (sidecar: SimulatedSidecar) => boolean): number {
    this.#check();
    return this.#sidecars.filter(holds).length;
  }

  #check(): void {
    const failed = this.#sidecars.find(({ error }) => error !== undefined);
    if (failed !== undefined) throw new Error("A simulated sidecar has failed", { cause: failed.error });
  }
}
