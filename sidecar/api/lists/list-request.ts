import { limits } from "../../../engine/model/limits.ts";
import { CheckRequest, ListPermissionsRequest } from "../../../proto/generated/decision.js";
import { scanListRequest } from "../check/scan-check.ts";
import { RequestError } from "../request-error.ts";
import { unreadable } from "../unreadable.ts";

/** What the requests for all lists have in common. */
export interface ListRequest {
  readonly query: CheckRequest;
  /** How many entries a page may have. */
  readonly pageSize: number;
  /** Empty: the first page. */
  readonly pageToken: string;
}

/** Where a page's size is not given. */
const USUAL_PAGE = 100;

/** Decodes a request for any list, which all have the same fields, within the limits. Throws a RequestError. */
export function readListRequest(bytes: Uint8Array, message: string): ListRequest {
  const { query, page } = decode(bytes, message);
  const size = page?.size ?? 0;
  const token = page?.token ?? "";
  if (size > limits.pageSize)
    throw new RequestError("page.size", `page.size is ${size}; at most ${limits.pageSize} are allowed`);
  if (token.length > limits.pageToken) {
    throw new RequestError(
      "page.token",
      `page.token has ${token.length} characters; at most ${limits.pageToken} are allowed`,
    );
  }
  return { query: query ?? EMPTY, pageSize: size || USUAL_PAGE, pageToken: token };
}

const EMPTY = CheckRequest.decode(new Uint8Array());

function decode(bytes: Uint8Array, message: string): ListPermissionsRequest {
  try {
    scanListRequest(bytes);
    return ListPermissionsRequest.decode(bytes);
  } catch (error) {
    throw unreadable(message, error);
  }
}

/** Throws a RequestError for a field of a check that a list does not take, because the list is about it. */
export function refuse(field: string, isGiven: boolean, list: string): void {
  if (isGiven)
    throw new RequestError(field, `${field} is given, but a list of ${list} takes none; leave it out`);
}

/** A query with some fields set. Those that a message lacks have their defaults from its prototype, which spreading loses. */
export function completed(query: CheckRequest, fields: Partial<CheckRequest>): CheckRequest {
  return Object.assign(Object.create(query) as CheckRequest, fields);
}
