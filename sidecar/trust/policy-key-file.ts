/**
 * The keys that a sidecar trusts, from a file that somebody else replaces (the kubelet, from ConfigMap sidegate-trust).
 *
 *   unknown   there has been no usable file: nobody is trusted
 *   known     the keys of the last usable file count
 *
 *   unknown -> known    a look finds a usable file; each further one that differs takes its place
 *
 * A look compares what the system says of the file with the last look and reads it where that differs. There is one at the
 * start, every ten seconds, and when a key is asked for that is not known: the operator may sign with a key that has just
 * come. A file that can not be used is logged once, until it changes.
 */

import type { KeyObject } from "node:crypto";
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import type { Clock } from "../../host/clock.ts";
import { type PolicyKeySet, readPolicyKeys } from "./read-policy-keys.ts";
import { nodeSmallFiles, type SmallFiles } from "./small-files.ts";

export interface PolicyKeyFileOptions {
  readonly path: string;
  readonly files: SmallFiles;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOOK_MS = 10_000;
/** Between looks for the sake of unknown keys, which anybody may name. */
const REST_MS = 1_000;
/** Bytes of a file; one of the operator's has less than 1,000. */
const MOST_BYTES = 64 * 1024;

/** Opens the file and looks at it; whoever opened it stops it. */
export function openPolicyKeyFile(options: Omit<PolicyKeyFileOptions, "files">): PolicyKeyFile {
  const file = new PolicyKeyFile({ ...options, files: nodeSmallFiles });
  file.start();
  return file;
}

export class PolicyKeyFile {
  readonly #options: PolicyKeyFileOptions;
  readonly #logger: Logger;
  #set: PolicyKeySet | undefined;
  /** What the last look found, as text. */
  #seen = "";
  #lookedAt = Number.NEGATIVE_INFINITY;
  #cancelLook: () => void = () => {};

  constructor(options: PolicyKeyFileOptions) {
    this.#options = options;
    this.#logger = options.logger.child({ path: options.path });
  }

  /** Looks for the first time, and from then on by itself. Never throws. */
  start(): void {
    this.#look();
    this.#lookLater();
  }

  stop(): void {
    this.#cancelLook();
  }

  /** Whether there has been a usable file. */
  get isKnown(): boolean {
    return this.#set !== undefined;
  }

  /** A key that is trusted now. */
  get(id: string): KeyObject | undefined {
    const key = this.#set?.keys.get(id);
    if (key !== undefined || this.#options.clock.now() - this.#lookedAt < REST_MS) return key;
    this.#look();
    return this.#set?.keys.get(id);
  }

  #lookLater(): void {
    this.#cancelLook = this.#options.clock.after(LOOK_MS, () => {
      this.#look();
      this.#lookLater();
    });
  }

  #look(): void {
    const { path, files, clock } = this.#options;
    this.#lookedAt = clock.now();
    let seen = "";
    try {
      seen = files.stamp(path);
      if (seen === this.#seen) return;
      this.#take(readPolicyKeys(files.read(path, MOST_BYTES)));
    } catch (error) {
      const problem = `${seen} ${messageOf(error)}`;
      if (problem === this.#seen) return;
      this.#logger.error(
        { error: messageOf(error), keys: this.#set?.keys.size ?? 0 },
        "The keys of policies can not be read; those known before stay trusted",
      );
      // A file that changes under the reader is looked at again; one that stays bad is not complained of again.
      this.#seen = seen === "" ? problem : seen;
      return;
    }
    this.#seen = seen;
  }

  #take(set: PolicyKeySet): void {
    this.#set = set;
    const { ignored } = set;
    const facts = { keys: [...set.keys.keys()], ...(ignored.length > 0 && { ignored }) };
    if (set.keys.size > 0) this.#logger.info(facts, "Trusts these keys to sign policies");
    else this.#logger.error(facts, "No key is trusted to sign policies");
  }
}
