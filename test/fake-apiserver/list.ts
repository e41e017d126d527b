import type { Api } from "./api.ts";
import { badRequest, expired, invalidOptions, tooLargeResourceVersion } from "./api-error.ts";
import { asSeen } from "./event-spelling.ts";
import type { KubeObject } from "./kube-object.ts";
import type { ApiRequest } from "./request.ts";
import { selectorOf } from "./selectors.ts";
import { CompactedError } from "./store.ts";

/** One page of a list. */
export interface Page {
  readonly items: KubeObject[];
  readonly resourceVersion: string;
  /** Empty on the last page. */
  readonly continueToken: string;
  /** Unknown with a selector. */
  readonly remaining: number | undefined;
}

interface Token {
  readonly revision: number;
  readonly start: string;
}

const TOKEN_VERSION = "meta.k8s.io/v1";
/** The revision in the token of an expired list: goes on at the present one, inconsistently. */
const ANYWHERE = -1;
const EXPIRED_LIST =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
  "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
  "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
  "deleted between the time the first chunk was returned and now may show up in the list.";

/**
 * Lists at one revision: the present one, the one that the options name, or that of the first page. Throws 400, 410,
 * 422, and 504 for a revision that is still to come.
 */
export function listPage(api: Api, request: ApiRequest): Page {
  const { query, namespace } = request;
  const limit = limitOf(query);
  const prefix = namespace === undefined ? "" : `${namespace}/`;
  const token = decodeToken(query.get("continue") ?? "", prefix);
  if (token !== undefined && query.get("resourceVersion")) {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  const asked = token?.revision ?? revisionOf(api, query);
  const revision = asked === ANYWHERE ? api.store.revision : asked;
  // A read of "any" version comes from the watch cache, which does not page.
  const pageSize = query.get("resourceVersion") === "0" ? 0 : limit;
  const select = selectorOf(request) ?? (() => true);
  try {
    return collect(api, request, revision, token?.start ?? prefix, prefix, pageSize, select);
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    if (token !== undefined)
      throw expired(EXPIRED_LIST, encodeToken({ ...token, revision: ANYWHERE }, prefix));
    throw expired(`The resourceVersion for the provided list is too old.`);
  }
}

function collect(
  api: Api,
  request: ApiRequest,
  revision: number,
  start: string,
  prefix: string,
  pageSize: number,
  select: (object: KubeObject) => boolean,
): Page {
  const items: KubeObject[] = [];
  let remaining = 0;
  let last = start;
  for (const [key, object] of api.store.scan(request.type.storage, revision, start)) {
    if (!key.startsWith(prefix)) break;
    if (!select(asSeen(request.type, object))) continue;
    if (pageSize > 0 && items.length === pageSize) {
      remaining++;
      continue;
    }
    items.push(asSeen(request.type, object));
    last = key;
  }
  const continueToken = remaining === 0 ? "" : encodeToken({ revision, start: `${last}\0` }, prefix);
  const selects = Boolean(request.query.get("labelSelector") || request.query.get("fieldSelector"));
  const known = continueToken !== "" && !selects;
  return {
    items,
    resourceVersion: String(revision),
    continueToken,
    remaining: known ? remaining : undefined,
  };
}

function limitOf(query: URLSearchParams): number {
  const text = query.get("limit") ?? "";
  if (text === "") return 0;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Math.max(0, Number(text));
}

/** The revision that a read without a continue token is for. */
export function revisionOf(api: Api, query: URLSearchParams): number {
  const text = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch") ?? "";
  const forbid = (message: string) =>
    invalidOptions("ListOptions", "resourceVersionMatch", "FieldValueForbidden", `Forbidden: ${message}`);
  if (match !== "" && text === "") {
    throw forbid("resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  if (match !== "" && match !== "Exact" && match !== "NotOlderThan") {
    const message = `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan"`;
    throw invalidOptions("ListOptions", "resourceVersionMatch", "FieldValueNotSupported", message);
  }
  if (match === "Exact" && text === "0") {
    throw forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  const current = api.store.revision;
  if (text === "") return current;
  const wanted = parseRevision(text);
  if (wanted > current) throw tooLargeResourceVersion(wanted, current);
  return match === "Exact" ? wanted : current;
}

/** Throws 400 for what is no decimal number. */
function parseRevision(text: string): number {
  if (!/^\d+$/.test(text)) throw badRequest(`invalid resource version: ${invalidRevision(text)}`);
  return Number(text);
}

export function invalidRevision(text: string): string {
  return `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
}

function encodeToken(token: Token, prefix: string): string {
  const start = token.start.slice(prefix.length);
  return Buffer.from(JSON.stringify({ v: TOKEN_VERSION, rv: token.revision, start })).toString("base64url");
}

function decodeToken(text: string, prefix: string): Token | undefined {
  if (text === "") return undefined;
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (v !== TOKEN_VERSION || !Number.isInteger(rv) || typeof start !== "string")
      throw new Error("unknown version");
    return { revision: rv, start: prefix + start };
  } catch (error) {
    throw badRequest(`invalid continue token: continue key is not valid: ${(error as Error).message}`);
  }
}
