import type { Disclosure, Outcome } from "../../engine/decide/decision.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { Level } from "../../engine/model/scope.ts";
import { activatedRoles } from "./activation.ts";
import { knownTypes } from "./catalog.ts";
import { type Existing, existing } from "./existing.ts";
import { denyingGrants, effectiveGrants } from "./grants.ts";
import { isMalformed, splitPermission } from "./malformed.ts";
import { allowRules, allowsVerb, deniesVerb, denyRules, namesMatch } from "./rules.ts";
import { chainOf, organizationOf, parseScope, type Scope } from "./scopes.ts";
import type { Asker } from "./subjects.ts";
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
  decide(request: DecisionRequest, now: number): OracleDecision;
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
function decide(world: Existing, request: DecisionRequest, now: number): OracleDecision {
  const scope = parseScope(request.scope);
  if (scope === undefined || isMalformed(request)) return INVALID_REQUEST;
  const asker: Asker = { kind: request.subjectKind, name: request.subjectName, groups: request.groups };

  // "A denial carries `disclosure: NotFound` for a scope that is unknown or not visible, else `Forbidden`."
  const deny = (outcome: Outcome, level: Level | 0 = 0): OracleDecision => ({
    outcome,
    disclosure: isVisible(world, asker, scope, now) ? "Forbidden" : "NotFound",
    level,
  });

  if (request.stale) return deny("Stale");
  if (request.activeRoles.some((name) => !world.roles.some(({ metadata }) => metadata.name === name))) {
    return INVALID_REQUEST;
  }
  if (chainOf(world, scope) === undefined) return deny("UnknownScope");

  const { type: typeName, verb } = splitPermission(request.permission);
  const type = knownTypes(world.catalogs).find(({ name }) => name === typeName);
  if (!type?.verbs.some(({ name }) => name === verb)) return deny("UnknownPermission");
  if (type.level !== scope.kind) return deny("WrongLevel", Level[type.level]);
  if (isSuspended(world, scope)) return deny("Suspended");

  // "An error in a condition never widens access: no match in an Allow rule, match in a Deny rule." Every condition is
  // taken as an error, which is what the engine does until it evaluates them.
  const isDenied = denyingGrants(world, asker, scope, now)
    .flatMap((grant) => denyRules(world, grant))
    .some(({ rule }) => deniesVerb(rule, type, verb) && namesMatch(rule, request.resourceName));
  if (isDenied) return deny("ExplicitDeny");

  const active = activatedRoles(world, asker, scope, request.activeRoles, now);
  const isAllowed = effectiveGrants(world, asker, scope, now)
    .flatMap((grant) => allowRules(world, grant))
    .filter(({ role, hasCondition }) => !hasCondition && (active === undefined || active.includes(role)))
    .some(({ rule }) => allowsVerb(rule, type, verb) && namesMatch(rule, request.resourceName));
  return isAllowed ? { outcome: "Allowed", disclosure: "None", level: 0 } : deny("NoGrant");
}

const INVALID_REQUEST: OracleDecision = { outcome: "InvalidRequest", disclosure: "None", level: 0 };

function isSuspended(world: Existing, scope: Scope): boolean {
  const organization = organizationOf(world, scope);
  return world.organizations.some(
    ({ metadata, spec }) => metadata.name === organization && spec?.suspended === true,
  );
}
