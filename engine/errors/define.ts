/** gRPC status codes that an error may end in (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
export type GrpcStatus =
  | "INVALID_ARGUMENT"
  | "DEADLINE_EXCEEDED"
  | "NOT_FOUND"
  | "PERMISSION_DENIED"
  | "RESOURCE_EXHAUSTED"
  | "FAILED_PRECONDITION"
  | "UNAVAILABLE"
  | "DATA_LOSS"
  | "ABORTED"
  | "UNAUTHENTICATED"
  | "INTERNAL";

/** One row of the error registry. */
export interface ErrorDefinition {
  /** A constant name in CamelCase; doubles as condition reason and as the reason in google.rpc.ErrorInfo. */
  readonly reason: string;
  /** What leads to it, in a sentence. */
  readonly cause: string;
  /** What to do about it, in a sentence. */
  readonly remedy: string;
  readonly grpc?: GrpcStatus;
}

/** A table of definitions by code. Codes are never used again for another meaning. */
export type ErrorTable = Readonly<Record<`SG${number}`, ErrorDefinition>>;

/** Checks the shape of a table and keeps its codes as literal types. */
export function defineErrors<const T extends ErrorTable>(table: T): T {
  return table;
}
