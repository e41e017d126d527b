import type { Disclosure, Outcome } from "../../engine/decide/decision.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { Level } from "../../engine/model/scope.ts";
import { activatedRoles } from "./activation.ts";
import { knownTypes } from "./catalog.ts";
import { evaluate, factsOf } from "./conditions.ts";
import { breaksDynamicSeparation } from "./constraints.ts";
import { effectiveGrants } from "./effective.ts";
import { type Existing, existing } from "./existing.ts";
import { denyingGrants } from "./grants.ts";
import { isMalformed, namesNobody, splitPermission } from "./malformed.ts";
import { keeps } from "./narrowing.ts";
import type { OracleRequest } from "./request.ts";
import {
  allowConditionsMet,
  allowRules,
  allowsVerb,
  deniesVerb,
  denyConditionsMet,
  denyRules,
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

/** Interprets the objects of one domain sentence by sentence, without compiling anything. */
export interface Oracle {
  /** @param now milliseconds since 1970 */
  decide(request: OracleRequest, now: number): OracleDecision;
  /** Whether the subject sees the scope, written as in requests. @param now milliseconds since 1970 */
  visible(asker: Asker, scope: string, now: number): boolean;
}

/**
 * The second evaluator: what docs/reference/semantics.md says, as directly as it can be written down, to compare the
 * engine with. It is slow on purpose: nothing is indexed, remembered or shared with the engine.
 */
export function createOracle(objects: readonly SidegateObject[]): Oracle {
  const world = existing(objects);
  return {
    decide: (request, now) => decide(world, request, now),
    visible(asker, scope, now) {
      const parsed = parseScope(scope);
      return parsed !== undefined && isVisible(world, asker, parsed, now);
    },
  };
}

/** Section 5: "In this order; the first that applies ends it." */
function decide(world: Existing, request: OracleRequest, now: number): OracleDecision {
  const scope = parseScope(request.scope);
  if (scope === undefined || isMalformed(request)) return INVALID_REQUEST;
  const token = request.token && readToken(world, request, now);
  const asker = askerOf(request, token);

  // "A denial carries `disclosure: NotFound` for a scope that is unknown or not visible, else `Forbidden`."
  const deny = (outcome: Outcome, level: Level | 0 = 0): OracleDecision => ({
    outcome,
    disclosure: asker !== undefined && isVisible(world, asker, scope, now) ? "Forbidden" : "NotFound",
    level,
  });

  if (request.stale) return deny("Stale");
  // "`InvalidToken` is decided before the scope is looked at and is always `Forbidden`."
  if (asker === undefined || (request.token !== undefined && token === undefined)) return INVALID_TOKEN;
  if (request.activeRoles.some((name) => !world.roles.some(({ metadata }) => metadata.name === name))) {
    return INVALID_REQUEST;
  }
  if (chainOf(world, scope) === undefined) return deny("UnknownScope");

  const { type: typeName, verb } = splitPermission(request.permission);
  const type = knownTypes(world.catalogs).find(({ name }) => name === typeName);
  if (!type?.verbs.some(({ name }) => name === verb)) return deny("UnknownPermission");
  if (type.level !== scope.kind) return deny("WrongLevel", Level[type.level]);
  if (isSuspended(world, scope)) return deny("Suspended");
  if (breaksDynamicSeparation(world, asker, scope, request.activeRoles, now)) return deny("SeparationOfDuty");
  if (token !== undefined && !keeps(token, type, verb, request.resourceAttributes ?? {})) {
    return deny("TokenDenied");
  }

  const facts = factsOf(world, asker, scope, { ...request, type: type.name, claims: token?.claims }, now);
  const verdict = (source: string) => evaluate(source, facts);

  const isDenied = denyingGrants(world, asker, scope, now)
    .flatMap((grant) => denyRules(world, grant))
    .filter(({ rule }) => deniesVerb(rule, type, verb) && namesMatch(rule, request.resourceName))
    .some((granted) => denyConditionsMet(granted, verdict));
  if (isDenied) return deny("ExplicitDeny");

  const active = activatedRoles(world, asker, scope, request.activeRoles, now);
  const isAllowed = effectiveGrants(world, asker, scope, now)
    .flatMap((grant) => allowRules(world, grant))
    .filter(({ role }) => active === undefined || active.includes(role))
    .filter(({ rule }) => allowsVerb(rule, type, verb) && namesMatch(rule, request.resourceName))
    .some((granted) => allowConditionsMet(granted, verdict));
  return isAllowed ? { outcome: "Allowed", disclosure: "None", level: 0 } : deny("NoGrant");
}

/**
 * "With a token the subject is the User that `subjectClaim` names", in "the group `token:POLICY`". Undefined where nobody is
 * named and the token, which is not valid, names nobody either.
 */
function askerOf(request: OracleRequest, token: ReadToken | undefined): Asker | undefined {
  const { subjectKind, subjectName, groups } = request;
  if (token !== undefined) {
    return { kind: "User", name: token.subject, groups, tokenPolicy: token.policy.metadata.name };
  }
  return namesNobody(request) ? undefined : { kind: subjectKind, name: subjectName, groups };
}

const INVALID_REQUEST: OracleDecision = { outcome: "InvalidRequest", disclosure: "None", level: 0 };

const INVALID_TOKEN: OracleDecision = { outcome: "InvalidToken", disclosure: "Forbidden", level: 0 };

function isSuspended(world: Existing, scope: Scope): boolean {
  const organization = organizationOf(world, scope);
  return world.organizations.some(
    ({ metadata, spec }) => metadata.name === organization && spec?.suspended === true,
  );
}
