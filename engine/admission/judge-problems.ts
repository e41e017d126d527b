import { findProblems } from "../diagnose/diagnose.ts";
import type { Problem, ProblemReason } from "../diagnose/problem.ts";
import { DOMAIN_NAME } from "../model/domain-settings.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { quote } from "../model/quote.ts";
import type { World } from "../model/world.ts";
import { readKeySet } from "../token/json-web-key-set.ts";
import { longestChain, MAX_GROUP_DEPTH } from "./group-depth.ts";

/** What no write may bring into a domain: nothing that comes later makes it work. */
const REFUSED: ReadonlySet<ProblemReason> = new Set([
  "Contradiction",
  "ImplicationCycle",
  "BuiltIn",
  "InvalidName",
  "InvalidCondition",
  "DefaultRoleDenies",
  "AmbiguousDefault",
  "NotDefault",
  "AmbiguousIssuer",
  "InvalidSelector",
  "InvalidKeys",
]);

/** A problem that a write brings, with whether it is refused for it or the writer is only told. */
export interface JudgedProblem extends Omit<Problem, "reason"> {
  readonly reason: ProblemReason | "NestedTooDeep";
  readonly isRefused: boolean;
}

/**
 * What keeps an object from working as it is written, that which the write brings first: refused is what the old object, in the
 * old world, did not have, so that an object with an old problem can still be changed.
 *
 * @param after the world with the write
 */
export function judgeProblems(
  before: World,
  after: World,
  old: SidegateObject | undefined,
  object: SidegateObject,
): JudgedProblem[] {
  const known = new Set((old === undefined ? [] : findProblems(before, old)).map(textOf));
  const problems = findProblems(after, object).map((problem) => ({
    ...problem,
    isRefused: isRefused(object, problem) && !known.has(textOf(problem)),
  }));
  return [...problems, ...judgeDepth(before, after, object), ...judgeDefaults(before, after, object)].sort(
    (a, b) => Number(b.isRefused) - Number(a.isRefused),
  );
}

function isRefused(object: SidegateObject, { reason }: Problem): boolean {
  // Key sets of issuers hold keys for other things as well; what can be used of them is used.
  if (reason === "InvalidKeys" && object.kind === "TokenPolicy") return !hasUsableKey(object.spec.keys.jwks);
  return REFUSED.has(reason);
}

function hasUsableKey(jwks: string | undefined): boolean {
  const set = jwks === undefined ? "none" : readKeySet(jwks);
  return typeof set !== "string" && set.keys.length > 0;
}

function textOf({ reason, message }: Problem): string {
  return `${reason} ${message}`;
}

/** Refuses a group that makes a chain of groups too long, or an overlong one longer. */
function judgeDepth(before: World, after: World, object: SidegateObject): JudgedProblem[] {
  if (object.kind !== "AccessGroup") return [];
  const { name } = object.metadata;
  const depth = longestChain(after, name);
  if (depth <= MAX_GROUP_DEPTH) return [];
  const message = `${depth} AccessGroups would be nested in one another by way of ${quote(name)}, and ${MAX_GROUP_DEPTH} may be; name the members of inner groups directly`;
  return [
    { reason: "NestedTooDeep", path: "spec.members", message, isRefused: depth > longestChain(before, name) },
  ];
}

/** Refuses a role that brings Deny rules into a default role, itself or one that includes it. */
function judgeDefaults(before: World, after: World, object: SidegateObject): JudgedProblem[] {
  if (object.kind !== "AccessRole") return [];
  const domain = after.live("AccessDomain", DOMAIN_NAME);
  if (domain === undefined) return [];
  const denying = (world: World) =>
    findProblems(world, domain).filter(({ reason }) => reason === "DefaultRoleDenies");
  const known = new Set(denying(before).map(textOf));
  return denying(after)
    .filter((problem) => !known.has(textOf(problem)))
    .map((problem) => ({
      ...problem,
      path: "spec.rules",
      message: `AccessDomain ${quote(DOMAIN_NAME)} gives it as a default: ${problem.message}`,
      isRefused: true,
    }));
}
