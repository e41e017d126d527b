import { messageOf } from "../../engine/errors/message-of.ts";
import type {
  AdmissionRequest,
  GroupVersionKind,
  GroupVersionResource,
  ReviewedObject,
  UserInfo,
} from "./review.ts";

/** What was sent is no review; the message says why, for whoever sent it. */
export class UnreadableReview extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = "UnreadableReview";
  }
}

const API_VERSION = "admission.k8s.io/v1";
const OPERATIONS = ["CREATE", "UPDATE", "DELETE", "CONNECT"] as const;

type Members = Readonly<Record<string, unknown>>;

/** Reads the request of an AdmissionReview. @throws UnreadableReview */
export function readReview(body: Buffer): AdmissionRequest {
  const review = members(parse(body), "the body");
  const { apiVersion, kind } = review;
  if (apiVersion !== API_VERSION || kind !== "AdmissionReview")
    throw new UnreadableReview(`the body is no AdmissionReview of ${API_VERSION}`);
  const request = members(review.request, "request");
  const uid = text(request, "uid");
  if (uid === "") throw new UnreadableReview("request.uid is empty");
  const operation = OPERATIONS.find((known) => known === request.operation);
  if (operation === undefined)
    throw new UnreadableReview(`request.operation is none of ${OPERATIONS.join(", ")}`);
  return {
    uid,
    kind: names(request, "kind", ["group", "version", "kind"]) as unknown as GroupVersionKind,
    resource: names(request, "resource", ["group", "version", "resource"]) as unknown as GroupVersionResource,
    subResource: text(request, "subResource"),
    operation,
    name: text(request, "name"),
    namespace: text(request, "namespace"),
    userInfo: readUser(members(request.userInfo ?? {}, "request.userInfo")),
    object: readObject(request, "object"),
    oldObject: readObject(request, "oldObject"),
    dryRun: request.dryRun === true,
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new UnreadableReview(`the body is no JSON: ${messageOf(error)}`);
  }
}

function readUser(user: Members): UserInfo {
  const uid = text(user, "uid", "request.userInfo");
  const extra = members(user.extra ?? {}, "request.userInfo.extra");
  return {
    username: text(user, "username", "request.userInfo"),
    ...(uid !== "" && { uid }),
    groups: texts(user.groups, "request.userInfo.groups"),
    extra: Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [key, texts(values, "request.userInfo.extra")]),
    ),
  };
}

function readObject(request: Members, field: "object" | "oldObject"): ReviewedObject | undefined {
  const value = request[field];
  if (value === undefined || value === null) return undefined;
  const object = members(value, `request.${field}`);
  if (object.metadata !== undefined) members(object.metadata, `request.${field}.metadata`);
  return object as ReviewedObject;
}

function names(request: Members, field: string, parts: readonly string[]): Record<string, string> {
  const value = members(request[field] ?? {}, `request.${field}`);
  return Object.fromEntries(parts.map((part) => [part, text(value, part, `request.${field}`)]));
}

function members(value: unknown, path: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw new UnreadableReview(`${path} is no object`);
}

/** A string; "" where there is none. */
function text(value: Members, field: string, path = "request"): string {
  const found = value[field] ?? "";
  if (typeof found === "string") return found;
  throw new UnreadableReview(`${path}.${field} is no string`);
}

function texts(value: unknown, path: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value as string[];
  throw new UnreadableReview(`${path} is no list of strings`);
}
