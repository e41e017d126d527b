import type { ServiceError } from "@grpc/grpc-js";
import {
  CheckFailedError,
  InvalidRequestError,
  PositionNotReachedError,
  UnavailableError,
} from "../../client/errors.ts";
import { errors } from "../../engine/errors/registry.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

/** The error that the command line reports for one of a client. */
export function toSidegateError(error: unknown, address: string): unknown {
  if (!(error instanceof CheckFailedError)) return error;
  const { message, status } = error;
  if (error instanceof InvalidRequestError) return fromSidecar("SG3001", error);
  if (error instanceof PositionNotReachedError) return fromSidecar("SG3003", error);
  if (error instanceof UnavailableError && cameFromSidecar(error)) return fromSidecar("SG3002", error);
  if (error instanceof UnavailableError || status === "DEADLINE_EXCEEDED") {
    return new SidegateError("SG5003", `no sidecar answers at ${address}`, { cause: error });
  }
  return new SidegateError("SG5004", `${status}: ${message}`, { cause: error });
}

/** A sidecar's message ends with the remedy, which stands on a line of its own here. */
function fromSidecar(code: "SG3001" | "SG3002" | "SG3003", error: CheckFailedError): SidegateError {
  const end = `. ${errors[code].remedy}`;
  const message = error.message.endsWith(end) ? error.message.slice(0, -end.length) : error.message;
  return new SidegateError(code, message, { cause: error });
}

/** Whether a sidecar said so, and not the connection. */
function cameFromSidecar(error: UnavailableError): boolean {
  return (
    ((error.cause as ServiceError | undefined)?.metadata?.get("grpc-status-details-bin").length ?? 0) > 0
  );
}
