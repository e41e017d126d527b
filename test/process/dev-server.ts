import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Processes } from "../support/processes.ts";

/** `sidegate dev`, for the tests of a file to ask. */
export class DevServer {
  /** A folder that goes with it. */
  readonly root = mkdtempSync(join(tmpdir(), "sidegate-dev-"));
  readonly socket = join(this.root, "s.sock");
  readonly #processes = new Processes();
  #address = "";

  /** Where it answers besides the socket, once it is started. */
  get address(): string {
    return this.#address;
  }

  /** Returns once it answers by what the folder holds. */
  async start(folder: string): Promise<void> {
    const dev = this.#processes.sidegate(["dev", folder, "--port", "0", "--socket", this.socket]);
    this.#address = await dev.printed(/(127\.0\.0\.1:\d+)/);
    await dev.printed(/Ctrl-C ends/);
  }

  async end(): Promise<void> {
    await this.#processes.end();
    rmSync(this.root, { recursive: true });
  }
}
