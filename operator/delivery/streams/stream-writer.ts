/** The writing side of a stream of encoded messages. */
export interface ByteStream {
  /** Answers false when it wants no more until "drain"; calls back when the bytes have left the process' buffers. */
  write(bytes: Buffer, written: () => void): boolean;
  on(event: "drain", listener: () => void): unknown;
}

/** Small messages are written ahead up to this. */
const BUFFERED_BYTES = 64 * 1024;

/**
 * Writes to a stream no faster than it is read. INVARIANT: at most BUFFERED_BYTES and one message are in the buffers, since
 * grpc-js itself would buffer 16 messages of any size.
 */
export class StreamWriter {
  readonly #stream: ByteStream;
  readonly #onRoom: () => void;
  #bytesInFlight = 0;
  #full = false;

  /** @param onRoom called whenever there may be room again */
  constructor(stream: ByteStream, onRoom: () => void) {
    this.#stream = stream;
    this.#onRoom = onRoom;
    stream.on("drain", () => {
      this.#full = false;
      onRoom();
    });
  }

  /** Whether a message may be written now. */
  get hasRoom(): boolean {
    return !this.#full && this.#bytesInFlight < BUFFERED_BYTES;
  }

  write(bytes: Buffer): void {
    this.#bytesInFlight += bytes.length;
    this.#full = !this.#stream.write(bytes, () => {
      this.#bytesInFlight -= bytes.length;
      this.#onRoom();
    });
  }
}
