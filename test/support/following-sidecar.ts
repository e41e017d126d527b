import { nextTurn, RawSidecar } from "./raw-sidecar.ts";

/** A delivery stream that takes each policy, unless it is told to wait. */
export class FollowingSidecar {
  /** Whether it answers. */
  isAnswering = true;
  /** The revision that it acknowledged last. */
  revision = "";
  readonly #raw: RawSidecar;
  #taken = 0;
  #isClosed = false;

  constructor(address: string, domain: string, name: string) {
    this.#raw = new RawSidecar(address).hello([domain], name);
    void this.#follow();
  }

  /** Says that it has stopped, and ends the stream. */
  leave(): void {
    this.#isClosed = true;
    this.#raw.send({ goodbye: {} });
  }

  /** Cuts the stream without a word. */
  cut(): void {
    this.#isClosed = true;
    this.#raw.close();
  }

  async #follow(): Promise<void> {
    let beatAt = performance.now();
    while (!this.#isClosed && !this.#raw.ended) {
      const message = this.isAnswering ? this.#raw.received[this.#taken] : undefined;
      if (message !== undefined) {
        this.#taken++;
        if (message.commit?.policy) this.#acknowledge(message.commit.policy);
      } else await nextTurn();
      if (performance.now() - beatAt > 1_000) {
        beatAt = performance.now();
        this.#raw.send({ heartbeat: {} });
      }
    }
  }

  #acknowledge({ domain, revision }: { domain: string; revision: string }): void {
    this.revision = revision;
    this.#raw.send({ ack: { domain, revision } });
  }
}
