/** The length-prefixed messages of gRPC over HTTP/2, for streams without grpc-js. */
const PREFIX = 5;

/** Puts the prefix of a message before it. */
export function frame(message: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX + message.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, PREFIX);
  return bytes;
}

/** Takes messages out of a stream of bytes. */
export class Frames {
  #rest: Buffer[] = [];
  #length = 0;
  #wanted = PREFIX;

  /** Calls `onMessage` with each message that is complete; it is valid during the call. */
  take(bytes: Buffer, onMessage: (message: Buffer) => void): void {
    this.#rest.push(bytes);
    this.#length += bytes.length;
    if (this.#length < this.#wanted) return;
    let all = this.#rest.length === 1 ? bytes : Buffer.concat(this.#rest);
    this.#wanted = PREFIX;
    while (all.length >= PREFIX) {
      const end = PREFIX + all.readUInt32BE(1);
      this.#wanted = end;
      if (all.length < end) break;
      onMessage(all.subarray(PREFIX, end));
      all = all.subarray(end);
      this.#wanted = PREFIX;
    }
    this.#rest = all.length === 0 ? [] : [all];
    this.#length = all.length;
  }
}
