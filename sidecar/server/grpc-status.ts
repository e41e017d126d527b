import { Metadata, type StatusObject } from "@grpc/grpc-js";
import { grpcCode } from "../../engine/errors/grpc-code.ts";
import type { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { ErrorInfo, Status } from "../../proto/generated/error.js";
import { publicMessage } from "../api/public-message.ts";
import { RequestError } from "../api/request-error.ts";

/** The trailer that carries google.rpc.Status (https://google.aip.dev/193). */
const DETAILS = "grpc-status-details-bin";
const ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";

/**
 * The gRPC status of an error: the registered code, a message with the remedy, and an ErrorInfo whose metadata hold the
 * `code` and, of a malformed request, the `field`.
 */
export function grpcStatus(error: SidegateError): StatusObject {
  const code = grpcCode(error);
  const message = publicMessage(error);
  const info = ErrorInfo.encode({
    reason: error.reason,
    domain: "sidegate.dev",
    metadata: { code: error.code, ...(error instanceof RequestError ? { field: error.field } : {}) },
  }).finish();
  const metadata = new Metadata();
  metadata.set(
    DETAILS,
    Status.encode({ code, message, details: [{ type_url: ERROR_INFO, value: info }] }).finish(),
  );
  return { code, details: message, metadata };
}
