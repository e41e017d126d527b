import type { GrpcStatus } from "./define.ts";
import { errors } from "./registry.ts";
import type { SidegateError } from "./sidegate-error.ts";

/** The numbers of the statuses that errors are registered with (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const codes: { readonly [status in GrpcStatus]: number } = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};

/** The gRPC status code of an error; INTERNAL where none is registered, because the error is not a caller's. */
export function grpcCode(error: SidegateError): number {
  const definition = errors[error.code];
  return codes["grpc" in definition ? definition.grpc : "INTERNAL"];
}
