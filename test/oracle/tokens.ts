import type { JsonObject, JsonValue } from "../../engine/model/json.ts";
import { limits } from "../../engine/model/limits.ts";
import type { TokenPolicy, TokenPolicyNarrowing } from "../../engine/model/objects.generated.ts";
import type { Existing } from "./existing.ts";
import { isEmptyOrReserved, namesNobody } from "./malformed.ts";
import type { OracleRequest } from "./request.ts";
import { readSelector, type Selector } from "./selectors.ts";

/** A valid token, read by its TokenPolicy. */
export interface ReadToken {
  readonly policy: TokenPolicy;
  /** The User for whom it stands. */
  readonly subject: string;
  readonly claims: JsonObject;
  /** What the narrowing claim says; undefined: the token does not have it. */
  readonly members: readonly ClaimMember[] | undefined;
}

/** A member of the narrowing claim: "`true` (all), `false` (none) or a list of permissions". */
export interface ClaimMember {
  readonly selector: Selector;
  readonly keeps: boolean | readonly string[];
}

/**
 * Section 7, from the claims on: the signature was judged before.
 *
 * @returns undefined for a token that is not valid for the request
 */
export function readToken(world: Existing, request: OracleRequest, now: number): ReadToken | undefined {
  const claims = request.token?.claims;
  // "Issuer and audience select exactly one TokenPolicy, else the token is invalid."
  const policies = claims === undefined ? [] : world.tokenPolicies.filter((found) => isFor(found, claims));
  const [policy] = policies;
  if (claims === undefined || policy === undefined || policies.length > 1) return undefined;
  if (!isInTime(claims, now) || depthOf(claims) > limits.tokenDepth) return undefined;

  // "An empty or reserved subject makes the token invalid."
  const subject = claim(claims, policy.spec.subjectClaim ?? "sub");
  if (typeof subject !== "string" || isEmptyOrReserved(subject)) return undefined;
  if (subject.length > limits.subjectName) return undefined;
  // "With a token the subject is the User [...]; a request that also names another is `InvalidToken`."
  const namesAnother = request.subjectKind !== "User" || request.subjectName !== subject;
  if (!namesNobody(request) && namesAnother) return undefined;

  const narrows = claim(claims, policy.spec.narrowing.claim);
  const members = narrows === undefined ? undefined : readMembers(policy.spec.narrowing, narrows);
  return members === "invalid" ? undefined : { policy, subject, claims, members };
}

/** The member of that name, if the claims themselves have it. */
function claim(claims: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** RFC 7519: `aud` is a string or a list of strings. */
function isFor({ spec }: TokenPolicy, claims: JsonObject): boolean {
  const audience = claim(claims, "aud");
  const audiences: readonly (JsonValue | undefined)[] = Array.isArray(audience) ? audience : [audience];
  if (!audiences.every((name) => typeof name === "string")) return false;
  return claim(claims, "iss") === spec.issuer && spec.audiences.some((name) => audiences.includes(name));
}

/** "`exp`, `nbf` [...] are checked at each request with no leeway." RFC 7519: both are numbers of seconds since 1970. */
function isInTime(claims: JsonObject, now: number): boolean {
  const [exp, nbf] = [claim(claims, "exp"), claim(claims, "nbf")];
  return (
    (exp === undefined || (typeof exp === "number" && now < exp * 1000)) &&
    (nbf === undefined || (typeof nbf === "number" && nbf * 1000 <= now))
  );
}

/** "Claims over the documented limits make a token invalid." An object or list is one deeper than what it holds. */
function depthOf(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** "An unknown selector, a value of the wrong type [...] makes the token invalid." */
function readMembers(narrowing: TokenPolicyNarrowing, narrows: JsonValue): ClaimMember[] | "invalid" {
  if (typeof narrows !== "object" || narrows === null || Array.isArray(narrows)) return "invalid";
  const members: ClaimMember[] = [];
  for (const [key, value] of Object.entries(narrows)) {
    const selector = readSelector(narrowing, key);
    const isList = Array.isArray(value) && value.every((entry) => typeof entry === "string");
    if (selector === undefined || !(typeof value === "boolean" || isList)) return "invalid";
    members.push({ selector, keeps: value as boolean | readonly string[] });
  }
  const permissions = members.flatMap(({ keeps }) => (typeof keeps === "boolean" ? [] : keeps));
  const isOver = members.length > limits.tokenSelectors || permissions.length > limits.tokenPermissions;
  return isOver ? "invalid" : members;
}
