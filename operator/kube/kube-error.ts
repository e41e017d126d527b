/** Reasons of failures that come from this side of the connection, not from the API server. */
export const TransportReason = {
  /** No connection, or it broke. */
  Unreachable: "Unreachable",
  /** No answer in time. */
  Deadline: "DeadlineExceeded",
  /** The answer is not what the protocol says. */
  Garbled: "GarbledAnswer",
} as const;

/** A request to the API server that failed. */
export class KubeError extends Error {
  /** The HTTP status; 0 when there was no answer to read one from. */
  readonly status: number;
  /** The reason of the API server's Status object (NotFound, Conflict, Expired, ...), or a `TransportReason`. */
  readonly reason: string;
  /** How long the API server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    reason: string,
    message: string,
    retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "KubeError";
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether the thing asked for does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404;
}

/** Whether something of that name exists already. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof KubeError && error.status === 409 && error.reason === "AlreadyExists";
}

/** Whether the object changed since it was read, or is another one by now. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubeError && error.status === 409 && error.reason !== "AlreadyExists";
}

/** Whether the resourceVersion or the continue token is too old, so that only a new list helps. */
export function isExpired(error: unknown): boolean {
  return (
    error instanceof KubeError &&
    (error.status === 410 || error.reason === "Expired" || error.reason === "Gone")
  );
}
