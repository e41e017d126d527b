/**
 * What the API server asks a webhook and what it is answered: admission.k8s.io/v1
 * (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/).
 */

/** A kind or resource as an API server names it. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** Who makes the request, as the API server authenticated it. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** An object as it comes, of a kind that only the handler knows; `metadata` may lack the name (`generateName`). */
export interface ReviewedObject {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

export interface AdmissionRequest {
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  /** "" for the object itself, else for example "status". */
  readonly subResource: string;
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  /** "" where the API server makes the name (`generateName`), and for the deletion of a collection. */
  readonly name: string;
  /** "" for objects that have none. */
  readonly namespace: string;
  readonly userInfo: UserInfo;
  /** What is to be stored; undefined for deletions. */
  readonly object: ReviewedObject | undefined;
  /** What is stored; undefined for creations. */
  readonly oldObject: ReviewedObject | undefined;
  /** Nothing is going to be stored, whatever is answered. */
  readonly dryRun: boolean;
}

/** One operation of a JSON patch (RFC 6902). */
export type JsonPatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** Why a request is refused. The API server puts the webhook's name before the message. */
export interface Denial {
  /** An HTTP status, 400 to 599. */
  readonly code: number;
  /** A reason of Kubernetes' API, for example "Forbidden" or "Invalid". */
  readonly reason: string;
  /** What, why, and what to do. */
  readonly message: string;
}

export interface AdmissionResponse {
  /** Undefined: allowed. */
  readonly denial?: Denial | undefined;
  /** Shown to the user, each on a line of its own. */
  readonly warnings?: readonly string[];
  /** Applied by the API server in this order. Of mutating webhooks only. */
  readonly patch?: readonly JsonPatchOperation[];
}

export const ALLOWED: AdmissionResponse = {};

/** Answers a review. May throw: the API server is told of an internal error then, and does what its failurePolicy says. */
export type ReviewHandler = (request: AdmissionRequest, signal: AbortSignal) => Promise<AdmissionResponse>;
