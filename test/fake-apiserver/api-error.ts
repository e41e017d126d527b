import type { JsonObject } from "./json.ts";
import type { ResourceType } from "./resource-type.ts";

export interface StatusCause {
  reason: string;
  message: string;
  field: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** The body of an answer that is no object (meta/v1 Status). */
export interface Status extends JsonObject {
  kind: "Status";
  apiVersion: "v1";
  metadata: { continue?: string };
  status: "Failure" | "Success";
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

export function failure(code: number, reason: string, message: string, details?: StatusDetails): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === "" ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

/** Thrown by a handler and answered as its Status. */
export class ApiError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message ?? "");
    this.name = "ApiError";
    this.status = status;
  }
}

function refuse(code: number, reason: string, message: string, details?: StatusDetails): ApiError {
  return new ApiError(failure(code, reason, message, details));
}

/** "bindings.sidegate.dev", as messages name a resource; core resources stand alone. */
function qualified(type: ResourceType): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}

function details(type: ResourceType, name: string): StatusDetails {
  return { name, ...(type.group === "" ? {} : { group: type.group }), kind: type.plural };
}

export function badRequest(message: string): ApiError {
  return refuse(400, "BadRequest", message);
}

export function notFound(type: ResourceType, name: string): ApiError {
  return refuse(404, "NotFound", `${qualified(type)} "${name}" not found`, details(type, name));
}

export function alreadyExists(type: ResourceType, name: string): ApiError {
  return refuse(409, "AlreadyExists", `${qualified(type)} "${name}" already exists`, details(type, name));
}

export function conflict(type: ResourceType, name: string, message: string): ApiError {
  const text = `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${message}`;
  return refuse(409, "Conflict", text, details(type, name));
}

/** The 409 of an update that was based on an older version. */
export function staleObject(type: ResourceType, name: string): ApiError {
  return conflict(
    type,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

/** The 409 of a delete whose preconditions do not hold; it names the kind, not the resource. */
export function preconditionFailed(type: ResourceType, name: string, message: string): ApiError {
  const kind = type.group === "" ? type.kind : `${type.kind}.${type.group}`;
  return refuse(409, "Conflict", `Operation cannot be fulfilled on ${kind} "${name}": ${message}`, {
    ...details(type, name),
    kind: type.kind,
  });
}

/** The 409 of a server-side apply that would take fields from others. */
export function applyConflict(causes: StatusCause[], message: string): ApiError {
  return refuse(409, "Conflict", message, { causes });
}

export function forbidden(
  type: ResourceType,
  name: string,
  message: string,
  causes?: StatusCause[],
): ApiError {
  return refuse(403, "Forbidden", `${qualified(type)} "${name}" is forbidden: ${message}`, {
    ...details(type, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

/** The 422 of an object, or of options, with one cause per field. */
export function invalid(group: string, kind: string, name: string, causes: readonly StatusCause[]): ApiError {
  const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return refuse(422, "Invalid", `${group === "" ? kind : `${kind}.${group}`} "${name}" is invalid: ${list}`, {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    kind,
    causes: [...causes],
  });
}

/** The 422 of query options or DeleteOptions. */
export function invalidOptions(kind: string, field: string, reason: string, message: string): ApiError {
  return invalid("meta.k8s.io", kind, "", [{ reason, message, field }]);
}

export function methodNotAllowed(type: ResourceType, verb: string): ApiError {
  return refuse(
    405,
    "MethodNotAllowed",
    `${verb} is not supported on resources of kind "${qualified(type)}"`,
    {
      ...(type.group === "" ? {} : { group: type.group }),
      kind: type.plural,
    },
  );
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const types = accepted.join(", ");
  const text = `the body of the request was in an unknown format - accepted media types include: ${types}`;
  return refuse(415, "UnsupportedMediaType", text);
}

export function notAcceptable(): ApiError {
  const text = "only the following media types are accepted: application/json, application/yaml";
  return refuse(406, "NotAcceptable", text);
}

export function tooLarge(limit: number): ApiError {
  return refuse(413, "RequestEntityTooLarge", `Request entity too large: limit is ${limit}`);
}

export function unauthorized(): ApiError {
  return refuse(401, "Unauthorized", "Unauthorized");
}

/** The 410 of a watch or list from a revision that was compacted. */
export function expired(message: string, continueToken?: string): ApiError {
  const status = failure(410, "Expired", message);
  if (continueToken !== undefined) status.metadata.continue = continueToken;
  return new ApiError(status);
}

/** The 504 of a read at a revision that is still to come. */
export function tooLargeResourceVersion(wanted: number, current: number): ApiError {
  return refuse(504, "Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" } as StatusCause],
    retryAfterSeconds: 1,
  });
}
