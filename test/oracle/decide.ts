import type { Disclosure, Outcome } from "../../engine/decide/decision.ts";
import { Level } from "../../engine/model/scope.ts";
import { activatedRoles } from "./activation.ts";
import { knownTypes } from "./catalog.ts";
import { evaluate, factsOf } from "./conditions.ts";
import { breaksDynamicSeparation } from "./constraints.ts";
import { effectiveGrants } from "./effective.ts";
import type { Existing } from "./existing.ts";
import { denyingGrants } from "./grants.ts";
import { isMalformed, splitPermission } from "./malformed.ts";
import { couldKeep, keeps } from "./narrowing.ts";
import type { OracleRequest } from "./request.ts";
import {
  allowConditionsMet,
  allowRules,
  allowsVerb,
  deniesVerb,
  denyConditionsMet,
  denyRules,
  type GrantedRule,
  hasNames,
  namesMatch,
} from "./rules.ts";
import { chainOf, organizationOf, parseScope, type Scope } from "./scopes.ts";
import type { Asker } from "./subjects.ts";
import { type ReadToken, readToken } from "./tokens.ts";
import { isVisible } from "./visible.ts";

/** What the oracle says about a request. */
export interface OracleDecision {
  readonly outcome: Outcome;
  /** None where the request is allowed or gets an error. */
  readonly disclosure: Disclosure;
  /** With WrongLevel the level that the type lives at, else 0. */
  readonly level: Level | 0;
}

/**
 * How names, conditions and attributes for a token that a request does not send are read. Exact: as they are. Hopeful: as if
 * they spoke for the subject. Wary: as if they spoke against it.
 */
export type Reading = "Exact" | "Hopeful" | "Wary";

/** Section 5: "In this order; the first that applies ends it." */
export function decide(
  world: Existing,
  request: OracleRequest,
  now: number,
  reading: Reading = "Exact",
): OracleDecision {
  const scope = parseScope(request.scope);
  if (scope === undefined || isMalformed(request)) return INVALID_REQUEST;
  const token = request.token && readToken(world, request, now);
  const asker = askerOf(request, token);
  if (request.stale) return denial(world, asker, scope, now, "Stale");
  // "`InvalidToken` is decided before the scope is looked at and is always `Forbidden`."
  if (asker === undefined) return INVALID_TOKEN;
  if (request.activeRoles.some((name) => !world.roles.some(({ metadata }) => metadata.name === name))) {
    return INVALID_REQUEST;
  }
  return decideFor(world, asker, token, request, now, reading);
}

/** The steps from the scope on, for whoever is known to ask. */
export function decideFor(
  world: Existing,
  asker: Asker,
  token: ReadToken | undefined,
  request: OracleRequest,
  now: number,
  reading: Reading,
): OracleDecision {
  const scope = parseScope(request.scope);
  if (scope === undefined) return INVALID_REQUEST;
  const deny = (outcome: Outcome, level: Level | 0 = 0) => denial(world, asker, scope, now, outcome, level);
  if (chainOf(world, scope) === undefined) return deny("UnknownScope");

  const { type: typeName, verb } = splitPermission(request.permission);
  const type = knownTypes(world.catalogs).find(({ name }) => name === typeName);
  if (!type?.verbs.some(({ name }) => name === verb)) return deny("UnknownPermission");
  if (type.level !== scope.kind) return deny("WrongLevel", Level[type.level]);
  if (isSuspended(world, scope)) return deny("Suspended");
  if (breaksDynamicSeparation(world, asker, scope, request.activeRoles, now)) return deny("SeparationOfDuty");
  const isKept = reading === "Hopeful" ? couldKeep : keeps;
  if (token !== undefined && !isKept(token, type, verb, request.resourceAttributes ?? {})) {
    return deny("TokenDenied");
  }

  const facts = factsOf(world, asker, scope, { ...request, type: type.name, claims: token?.claims }, now);
  const verdict = (source: string) => evaluate(source, facts);
  // Hopeful and wary readings take a rule with names or conditions for one that matches, or for one that does not.
  const hangs = ({ rule, conditions }: GrantedRule) => hasNames(rule) || conditions.length > 0;

  const isDenied = denyingGrants(world, asker, scope, now)
    .flatMap((grant) => denyRules(world, grant))
    .filter(({ rule }) => deniesVerb(rule, type, verb))
    .some((found) => {
      if (reading !== "Exact" && hangs(found)) return reading === "Wary";
      return namesMatch(found.rule, request.resourceName) && denyConditionsMet(found, verdict);
    });
  if (isDenied) return deny("ExplicitDeny");

  const active = activatedRoles(world, asker, scope, request.activeRoles, now);
  const isAllowed = effectiveGrants(world, asker, scope, now)
    .flatMap((grant) => allowRules(world, grant))
    .filter(({ role }) => active === undefined || active.includes(role))
    .filter(({ rule }) => allowsVerb(rule, type, verb))
    .some((found) => {
      if (reading !== "Exact" && hangs(found)) return reading === "Hopeful";
      return namesMatch(found.rule, request.resourceName) && allowConditionsMet(found, verdict);
    });
  return isAllowed ? { outcome: "Allowed", disclosure: "None", level: 0 } : deny("NoGrant");
}

/**
 * "With a token the subject is the User that `subjectClaim` names", in "the group `token:POLICY`". Undefined with a token that
 * is not valid: then nobody is established, whoever the request names.
 */
export function askerOf(request: OracleRequest, token: ReadToken | undefined): Asker | undefined {
  const { subjectKind, subjectName, groups } = request;
  if (request.token === undefined) return { kind: subjectKind, name: subjectName, groups };
  return token && { kind: "User", name: token.subject, groups, tokenPolicy: token.policy.metadata.name };
}

/** "A denial carries `disclosure: NotFound` for a scope that is unknown or not visible, else `Forbidden`." */
function denial(
  world: Existing,
  asker: Asker | undefined,
  scope: Scope,
  now: number,
  outcome: Outcome,
  level: Level | 0 = 0,
): OracleDecision {
  const isSeen = asker !== undefined && isVisible(world, asker, scope, now);
  return { outcome, disclosure: isSeen ? "Forbidden" : "NotFound", level };
}

const INVALID_REQUEST: OracleDecision = { outcome: "InvalidRequest", disclosure: "None", level: 0 };

const INVALID_TOKEN: OracleDecision = { outcome: "InvalidToken", disclosure: "Forbidden", level: 0 };

function isSuspended(world: Existing, scope: Scope): boolean {
  const organization = organizationOf(world, scope);
  return world.organizations.some(
    ({ metadata, spec }) => metadata.name === organization && spec?.suspended === true,
  );
}
