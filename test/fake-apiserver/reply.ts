import type { Status } from "./api-error.ts";
import type { JsonObject } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Page } from "./list.ts";
import { printTable } from "./printed-table.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";

/** An answer before it is written. */
export interface Reply {
  readonly code: number;
  /** A string is sent as text, everything else as JSON. */
  readonly body: JsonObject | string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** An object with the warnings that go in headers (RFC 7234, code 299). */
export function objectReply(object: JsonObject, warnings: readonly string[] = [], created = false): Reply {
  const headers = warnings.map((text) => `299 - "${text.replaceAll(/["\\]/g, "\\$&")}"`);
  return {
    code: created ? 201 : 200,
    body: object,
    ...(headers.length > 0 && { headers: { warning: headers } }),
  };
}

/** A list as a table, for `kubectl get`. */
export function tableReply(type: ResourceType, page: Page, now: Date): Reply {
  return { code: 200, body: printTable(type, page.items, listMeta(type, page), now) };
}

/** A list; lists of custom resources repeat the kind in each item, others leave it out. */
export function listReply(type: ResourceType, page: Page): Reply {
  const items = type.custom ? page.items : page.items.map(bare);
  const metadata = listMeta(type, page);
  return { code: 200, body: { apiVersion: apiVersionOf(type), kind: type.listKind, metadata, items } };
}

function listMeta(type: ResourceType, page: Page): JsonObject {
  const remaining = page.remaining === undefined ? {} : { remainingItemCount: page.remaining };
  const token = page.continueToken === "" && !type.custom ? {} : { continue: page.continueToken };
  return { ...token, ...remaining, resourceVersion: page.resourceVersion };
}

function bare({ apiVersion: _, kind: __, ...rest }: KubeObject): JsonObject {
  return rest;
}

/** The answer to a delete that took the object away. */
export function deletedReply(type: ResourceType, object: KubeObject): Reply {
  const { name, uid } = object.metadata;
  const status: Status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name, ...(type.group !== "" && { group: type.group }), kind: type.plural, uid: uid as string },
  };
  return { code: 200, body: status };
}

export function statusReply(status: Status): Reply {
  const seconds = status.details?.retryAfterSeconds;
  return {
    code: status.code as number,
    body: status,
    ...(seconds !== undefined && { headers: { "retry-after": String(seconds) } }),
  };
}
