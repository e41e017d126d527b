import { type Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorInfo, Status } from "../proto/generated/error.js";

/** The trailer that carries google.rpc.Status (https://google.aip.dev/193). */
const DETAILS = "grpc-status-details-bin";
const ERROR_INFO = "/google.rpc.ErrorInfo";
const DOMAIN = "sidegate.dev";

/** A check that ended without a decision. Treat it as a denial that may be retried. */
export class CheckFailedError extends Error {
  /** The gRPC status, for example "DEADLINE_EXCEEDED". */
  readonly status: string;

  constructor(message: string, status: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.name = new.target.name;
  }
}

/** The request is malformed or over a limit; sending it again will not help. */
export class InvalidRequestError extends CheckFailedError {
  /** The field at fault, for example "subject.name". Undefined for items of a batch, whose message names it. */
  readonly field: string | undefined;

  constructor(message: string, status: string, field?: string, options?: ErrorOptions) {
    super(message, status, options);
    this.field = field;
  }
}

/** There is no sidecar in reach, or it has no policy that is fresh enough. */
export class UnavailableError extends CheckFailedError {}

/** The sidecar's policy did not reach the minimum position in time. */
export class PositionNotReachedError extends CheckFailedError {}

/** The typed error of a failed call. */
export function fromServiceError(error: ServiceError): CheckFailedError {
  const info = errorInfo(error.metadata);
  const reason = info?.reason ?? (error.code === status.UNAVAILABLE ? "Unavailable" : "");
  return checkFailed(reason, error.details || error.message, error.code, info?.metadata.field, {
    cause: error,
  });
}

/**
 * The typed error of a reason.
 *
 * @param code gRPC status code
 */
export function checkFailed(
  reason: string,
  message: string,
  code: number,
  field?: string,
  options?: ErrorOptions,
): CheckFailedError {
  const name = status[code] ?? String(code);
  if (reason === "InvalidRequest") return new InvalidRequestError(message, name, field, options);
  if (reason === "Unavailable" || reason === "ShardUnavailable")
    return new UnavailableError(message, name, options);
  if (reason === "PositionNotReached") return new PositionNotReachedError(message, name, options);
  return new CheckFailedError(message, name, options);
}

function errorInfo(metadata: Metadata): ErrorInfo | undefined {
  const [bytes] = metadata.get(DETAILS);
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    for (const detail of Status.decode(bytes).details) {
      if (!detail.type_url.endsWith(ERROR_INFO)) continue;
      const info = ErrorInfo.decode(detail.value);
      if (info.domain === DOMAIN) return info;
    }
  } catch {
    // Details that can not be read are as good as none: the status itself still tells.
  }
  return undefined;
}
