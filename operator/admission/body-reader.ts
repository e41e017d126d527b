import type { IncomingMessage } from "node:http";

/** A request is larger than any that the API server sends. */
export class TooLarge extends Error {}

/** More is being received than there is memory for. */
export class TooMuch extends Error {}

/** Reads bodies of requests, each and all together within limits of bytes. */
export class BodyReader {
  readonly #requestBytes: number;
  readonly #receivedBytes: number;
  #held = 0;

  constructor(limits: { readonly requestBytes: number; readonly receivedBytes: number }) {
    this.#requestBytes = limits.requestBytes;
    this.#receivedBytes = limits.receivedBytes;
  }

  /** The whole body. @throws TooLarge, TooMuch, or what breaks the connection */
  async read(request: IncomingMessage): Promise<Buffer> {
    if (Number(request.headers["content-length"] ?? 0) > this.#requestBytes) throw this.#tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      // Not by iterating: that would cut the connection at the first throw, before anything is answered.
      await new Promise<void>((resolve, reject) => {
        const fail = (error: Error) => {
          request.pause();
          reject(error);
        };
        request.on("data", (chunk: Buffer) => {
          length += chunk.length;
          this.#held += chunk.length;
          chunks.push(chunk);
          if (length > this.#requestBytes) fail(this.#tooLarge());
          else if (this.#held > this.#receivedBytes)
            fail(new TooMuch("too much is being received at a time; try again"));
        });
        request.once("end", resolve);
        request.once("error", reject);
        request.once("close", () => reject(new Error("the connection ended before the request did")));
      });
      return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
    } finally {
      request.removeAllListeners("data");
      this.#held -= length;
    }
  }

  #tooLarge(): TooLarge {
    return new TooLarge(`a request may have ${this.#requestBytes} bytes`);
  }
}
