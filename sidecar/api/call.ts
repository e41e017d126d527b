/** What a handler may know of the call that it answers, whatever transport carries it. */
export interface Call {
  /** When the caller gives up, in milliseconds since 1970; Infinity: never. */
  readonly deadline: number;

  /** What the caller says of itself, as HTTP's `authorization`; undefined: nothing. */
  readonly authorization?: string | undefined;

  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
}

/**
 * A unary method, defined once for every transport: bytes of the request in, bytes of the response out. Handlers
 * throw SidegateErrors (or reject with them); the transport turns them into its statuses.
 */
export interface Door {
  /** "/package.Service/Method". */
  readonly path: string;
  handle(request: Uint8Array, call: Call): Buffer | Promise<Buffer>;
}
