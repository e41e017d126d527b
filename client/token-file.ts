import { readFileSync } from "node:fs";
import { CheckFailedError } from "./errors.ts";

/** How long a token is used until its file is read again, in milliseconds. The kubelet renews it many minutes before its end. */
const KEEP_MS = 30_000;

/** The token by which the sidecar of a node knows the pod that asks. */
export class TokenFile {
  readonly #path: string;
  #token = "";
  #readAt = -Infinity;

  constructor(path: string) {
    this.#path = path;
  }

  /** The token. Throws a CheckFailedError where the file can not be read. */
  read(): string {
    const now = performance.now();
    if (now - this.#readAt < KEEP_MS) return this.#token;
    try {
      // A small file of a memory file system.
      this.#token = readFileSync(this.#path, "utf8").trim();
    } catch (error) {
      throw new CheckFailedError(`Can not read the token in ${this.#path}`, "UNAUTHENTICATED", {
        cause: error,
      });
    }
    this.#readAt = now;
    return this.#token;
  }
}
