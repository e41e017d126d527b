/**
 * Keeps the authority in step with its Secret, on every replica.
 *
 *   reading   nothing is known
 *   holding   the Secret holds what is known
 *   damaged   the Secret holds something that can not be read; what is known goes on being used
 *   missing   there is no Secret: it is made, from what is known or anew, until it is there
 *   stopped   for good
 *
 *   reading, damaged, missing -> holding   a readable Secret comes, be it another replica's
 *   reading -> damaged, holding -> damaged  it can not be read
 *   any     -> missing                      the list has none, or it was deleted
 *
 * Any replica makes a Secret that is missing: of several, the API server takes one, and the others read it. What is there is
 * changed by the leader only (`rotate`), and only as it was read.
 */

import type { Logger } from "pino";
import { compareResourceVersions } from "../../engine/model/position.ts";
import { type Clock, pause } from "../../host/clock.ts";
import { Backoff } from "../kube/backoff.ts";
import type { KubeApi, KubeObject } from "../kube/kube-api.ts";
import { isAlreadyExists } from "../kube/kube-error.ts";
import type { Reflector } from "../kube/reflector.ts";
import { type AuthorityState, decodeAuthority, encodeAuthority } from "./authority-state.ts";
import { followName } from "./follow-name.ts";
import { Listeners } from "./listeners.ts";
import { secretResource } from "./resources.ts";
import { NOTHING, rotate } from "./rotate.ts";

export const AUTHORITY_SECRET = "sidegate-authority";

export interface AuthorityKeeperOptions {
  readonly api: KubeApi;
  /** The namespace of the Secret. */
  readonly namespace: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

export class AuthorityKeeper {
  readonly #options: AuthorityKeeperOptions;
  readonly #reflector: Reflector;
  readonly #listeners = new Listeners();
  readonly #stop = new AbortController();
  #state: AuthorityState | undefined;
  #condition: "reading" | "holding" | "damaged" | "missing" = "reading";
  #resourceVersion = "0";
  #making: Promise<void> | undefined;
  #becomeKnown: () => void = () => {};

  constructor(options: AuthorityKeeperOptions) {
    this.#options = options;
    const followed = { resource: secretResource, namespace: options.namespace, name: AUTHORITY_SECRET };
    this.#reflector = followName(options, followed, {
      // After a restore of the cluster's storage resourceVersions are lower; so what is read always counts.
      put: (object) => this.#read(object),
      remove: () => this.#miss(),
      listed: () => {
        if (this.#condition === "reading") this.#miss();
      },
    });
  }

  /** What the replicas vouch with. Throws before `start` has resolved. */
  get state(): AuthorityState {
    if (this.#state === undefined) throw new Error("The authority is not known yet");
    return this.#state;
  }

  /** Resolves when the state is known, however long the API server takes to tell. */
  async start(): Promise<void> {
    const known = new Promise<void>((resolve) => {
      this.#becomeKnown = resolve;
    });
    this.#reflector.start();
    await known;
  }

  /** Calls `listener` after each change of the state, and when the Secret is damaged. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Does what the clock asks for and writes it down, or writes back what was damaged. Only for the leader.
   *
   * @param api ends with the leader's term
   * @returns when to look again, in milliseconds since 1970
   * @throws KubeError where it could not be written; a conflict means that the Secret has changed and is going to be read
   */
  async rotate(api: KubeApi): Promise<number> {
    const { namespace, clock, logger } = this.#options;
    const { state, nextAt } = await rotate(this.state, clock.wallTime());
    if (this.#condition !== "damaged" && (this.#condition !== "holding" || state === this.#state))
      return nextAt;
    const patch = {
      metadata: { resourceVersion: this.#resourceVersion },
      data: encodeAuthority(state),
    };
    const written = await api.mergePatch(secretResource, namespace, AUTHORITY_SECRET, patch);
    logger.info({ name: AUTHORITY_SECRET, ...factsOf(state) }, "Wrote the authority");
    this.#readAnswer(written);
    return nextAt;
  }

  /** Resolves when nothing is read or written any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#reflector.stop();
    await this.#making;
  }

  /** The answer to a write may come before or after the event that it causes. */
  #readAnswer(object: KubeObject): void {
    const { resourceVersion = "0" } = object.metadata;
    if (compareResourceVersions(resourceVersion, this.#resourceVersion) > 0) this.#read(object);
  }

  #read({ metadata, data }: KubeObject): void {
    const { resourceVersion = "0" } = metadata;
    if (this.#condition !== "missing" && resourceVersion === this.#resourceVersion) return;
    this.#resourceVersion = resourceVersion;
    try {
      this.#state = decodeAuthority(data);
      this.#condition = "holding";
      this.#options.logger.debug(factsOf(this.#state), "Read the authority");
      this.#becomeKnown();
    } catch (error) {
      this.#condition = "damaged";
      this.#options.logger.error({ name: AUTHORITY_SECRET, err: error }, "The authority can not be read");
    }
    if (this.#state !== undefined) this.#listeners.tell();
  }

  #miss(): void {
    this.#condition = "missing";
    if (this.#stop.signal.aborted) return;
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
  }

  /** Never rejects. */
  async #make(): Promise<void> {
    const { clock, random, namespace, logger } = this.#options;
    const { signal } = this.#stop;
    const backoff = new Backoff({ now: () => clock.now(), random });
    while (this.#condition === "missing" && !signal.aborted) {
      try {
        await this.#create();
      } catch (error) {
        // Another replica was first; its Secret is on the way here.
        if (isAlreadyExists(error)) return;
        const waitMs = backoff.next();
        logger.warn(
          { namespace, name: AUTHORITY_SECRET, err: error, waitMs: Math.round(waitMs) },
          "Could not make the authority's Secret",
        );
        await pause(clock, waitMs, signal);
      }
    }
  }

  async #create(): Promise<void> {
    const { api, namespace, clock, logger } = this.#options;
    const state = this.#state ?? (await rotate(NOTHING, clock.wallTime())).state;
    const created = await api.create(secretResource, namespace, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: AUTHORITY_SECRET,
        namespace,
        labels: { "app.kubernetes.io/part-of": "sidegate" },
        annotations: {
          "sidegate.dev/note": "Whoever reads this can make policies. Backups of it need care.",
        },
      },
      type: "sidegate.dev/authority",
      data: encodeAuthority(state),
    });
    logger.info(
      { name: AUTHORITY_SECRET, isNew: this.#state === undefined, ...factsOf(state) },
      "Made the authority's Secret",
    );
    this.#readAnswer(created);
  }
}

function factsOf({ authorities, signingKeys }: AuthorityState): object {
  return { authorities: authorities.map(({ id }) => id), keys: signingKeys.map(({ id }) => id) };
}
