import type { JsonObject } from "../../engine/model/json.ts";
import { type DeclaredType, gives } from "./catalog.ts";
import { splitPermission } from "./malformed.ts";
import type { Selector } from "./selectors.ts";
import type { ClaimMember, ReadToken } from "./tokens.ts";

/**
 * Section 7: whether the token keeps a permission of a known type for a resource with these attributes. "The most specific
 * selector that matches decides alone."
 */
export function keeps(token: ReadToken, type: DeclaredType, verb: string, attributes: JsonObject): boolean {
  const { absent, unmatched } = token.policy.spec.narrowing;
  // "`absent: Deny` (default) or `Allow` says what a token without the claim may do."
  if (token.members === undefined) return absent === "Allow";
  const isKept = (member: ClaimMember) => keepsPermission(member, type, verb);
  const decider = token.members
    .filter(({ selector }) => matches(selector, attributes) === true)
    .sort((a, b) => a.selector.place - b.selector.place)
    .at(-1);
  // "`unmatched` (default Deny) what happens when no selector matches."
  const isKeptByDecider = decider === undefined ? unmatched === "Allow" : isKept(decider);
  // "The permission stands only if it is kept by the selector that decides without it and by every more specific selector of
  // the claim that could match."
  const place = decider?.selector.place ?? -1;
  const possible = token.members.filter(
    ({ selector }) => selector.place > place && matches(selector, attributes) === "unknown",
  );
  return isKeptByDecider && possible.every(isKept);
}

/**
 * "Each selector's attribute is one string. Sent empty, it says that there is none, and the selector does not match. Not sent,
 * it is unknown. [...] An attribute that is no string counts as not sent."
 */
function matches({ attribute, value }: Selector, attributes: JsonObject): boolean | "unknown" {
  const sent = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  if (typeof sent !== "string") return "unknown";
  return sent !== "" && (value === undefined || value === sent);
}

/**
 * "`true` (all), `false` (none) or a list of permissions (`type:verb`; a bare type means all its verbs)." "Implied verbs
 * count (`metadata:write` gives `metadata:read`)"; "an unknown permission in a list has no effect".
 */
function keepsPermission({ keeps: kept }: ClaimMember, type: DeclaredType, verb: string): boolean {
  if (typeof kept === "boolean") return kept;
  return kept.some((permission) => {
    if (permission === type.name) return true;
    const listed = splitPermission(permission);
    return listed.type === type.name && gives(type, listed.verb, verb);
  });
}

/** Whether the token would keep a permission if the attributes that are not sent were sent in some way. */
export function couldKeep(
  token: ReadToken,
  type: DeclaredType,
  verb: string,
  attributes: JsonObject,
): boolean {
  const [unknown] = (token.members ?? [])
    .map(({ selector }) => selector)
    .filter((selector) => matches(selector, attributes) === "unknown");
  if (unknown === undefined) return keeps(token, type, verb, attributes);
  // All values that make a difference: none, those that the claim names, and one that it does not.
  const named = (token.members ?? [])
    .filter(({ selector }) => selector.attribute === unknown.attribute)
    .map(({ selector }) => selector.value ?? "");
  return ["", ...named, `not ${named.join()}`].some((value) =>
    couldKeep(token, type, verb, { ...attributes, [unknown.attribute]: value }),
  );
}
