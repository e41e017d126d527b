import { createHash } from "node:crypto";
import { RequestError } from "../request-error.ts";

/** What makes two lists the same one: pages of one do not go on in another. */
export type ListIdentity = readonly unknown[];

/**
 * The token of the page that goes on after a key. It names no revision: entries that did not change between two pages are
 * neither lost nor doubled, whatever else did. It is no secret and grants nothing, since whoever asks is answered anyway.
 */
export function formatPageToken(identity: ListIdentity, key: string): string {
  return `${digest(identity)}.${Buffer.from(key).toString("base64url")}`;
}

/** The key to go on after; empty for an empty token. Throws a RequestError for a token of another list, or none at all. */
export function readPageToken(identity: ListIdentity, token: string): string {
  if (token === "") return "";
  const [, list, encoded = ""] = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]+)$/.exec(token) ?? [];
  if (list === digest(identity)) return Buffer.from(encoded, "base64url").toString();
  const why = list === undefined ? "no token of a page" : "the token of another list";
  throw new RequestError(
    "page.token",
    `page.token is ${why}; send what the page before gave, with the same query`,
  );
}

function digest(identity: ListIdentity): string {
  const hash = createHash("sha256").update(JSON.stringify(identity)).digest();
  return hash.subarray(0, 16).toString("base64url");
}
