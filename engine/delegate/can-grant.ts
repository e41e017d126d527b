import type { StepBudget } from "../condition/step-budget.ts";
import { findActiveRoles } from "../decide/active-roles.ts";
import { gatherKeys } from "../decide/gather-keys.ts";
import { KeySet } from "../decide/key-set.ts";
import type { Malformed } from "../decide/request.ts";
import { type ResolvedScope, resolveScope } from "../decide/resolve-scope.ts";
import { finished } from "../model/finished.ts";
import { quote } from "../model/quote.ts";
import { hasLevel, Level, levelName } from "../model/scope.ts";
import { untilLoaded } from "../policy/organizations.ts";
import type { Policy } from "../policy/policy.ts";
import { isNarrowed } from "../token/is-narrowed.ts";
import { isTokenOf } from "../token/is-token-of.ts";
import { ActorRights } from "./actor-rights.ts";
import { findMalformedGrant } from "./check-question.ts";
import { GRANT_ALLOWED, type GrantAnswer, type GrantRefused, refuse } from "./grant-answer.ts";
import type { GrantQuestion } from "./grant-question.ts";
import { findLastHolder } from "./last-holder.ts";
import { refuseReceiver } from "./receiver.ts";

/** A question with its names found in the policy. */
export interface ResolvedQuestion {
  readonly scope: ResolvedScope;
  /** A row of the model. */
  readonly role: number;
}

/**
 * Whether an actor may give a role to a target or take it away (semantics, section 8). Total: there is an answer to whatever
 * is asked, or the field that is malformed.
 *
 * @param now milliseconds since 1970
 */
export function canGrant(policy: Policy, question: GrantQuestion, now: number): GrantAnswer | Malformed {
  return finished(canGrantInSteps(policy, question, now));
}

/** The same in steps, so that the caller may let others in between. */
export function* canGrantInSteps(
  policy: Policy,
  question: GrantQuestion,
  now: number,
): Generator<undefined, GrantAnswer | Malformed> {
  const malformed = findMalformedGrant(question);
  if (malformed !== undefined) return malformed;
  const found = yield* untilLoaded(policy.organizations, () => checkRight(policy, question, now));
  if (!("scope" in found)) return found;
  const { scope, role } = found;
  if (question.verb === "Give") {
    const added = { role, place: scope };
    return (yield* refuseReceiver(policy, question.target, [added], now)) ?? GRANT_ALLOWED;
  }
  const last = () => refuseLastHolder(policy, question, found, now);
  return (yield* untilLoaded(policy.organizations, last)) ?? GRANT_ALLOWED;
}

/**
 * The part of the answer that does not hang on the target: the names exist, the actor has the right, and the role may be
 * assigned there.
 *
 * @param budget what the steps of conditions are taken from; left out: one of its own
 */
export function checkRight(
  policy: Policy,
  { actor, verb, role }: Omit<GrantQuestion, "target">,
  now: number,
  budget?: StepBudget,
): ResolvedQuestion | GrantRefused | Malformed {
  if (actor.stale) return refuse("Stale", "the policy is older than its staleness bound");
  if (actor.token !== undefined && !isTokenOf(actor.token, actor))
    return refuse("InvalidToken", "the actor's token is not valid, or stands for someone else");
  const active = findActiveRoles(policy, actor.activeRoles);
  if (typeof active === "string") return { field: "active_roles", detail: active };
  const scope = resolveScope(policy, actor.scope);
  if (scope === undefined) return refuse("UnknownScope", `${actor.scope} does not exist`);
  const row = policy.model.roleRows.get(role);
  if (row === undefined) return refuse("UnknownRole", `AccessRole ${quote(role)} does not exist`);
  if (actor.token?.valid && isNarrowed(actor.token))
    return refuse("TokenDenied", "the actor's token narrows what it may do to permissions");
  const keys = new KeySet();
  gatherKeys(keys, policy, actor, now);
  const rights = ActorRights.at(policy, keys, actor, scope, active, now, budget);
  if (!rights.allows(verb, row, scope.level)) {
    const what = `lets the actor ${verb.toLowerCase()} AccessRole ${quote(role)} at ${levelName(scope.level)}`;
    return refuse("NoGrant", `no effective grant at ${actor.scope} or above ${what}`);
  }
  return refuseAssignment(policy, row, scope) ?? { scope, role: row };
}

/** Why a role can not be bound at a scope at all, or undefined. */
export function refuseAssignment(
  { model }: Policy,
  role: number,
  { grants, level }: ResolvedScope,
): GrantRefused | undefined {
  const name = quote(model.roles.names[role]!);
  const owner = model.roles.organizations[role]!;
  if (!hasLevel(model.roles.assignable[role]!, level))
    return refuse("NotAssignable", `AccessRole ${name} may not be assigned at ${levelName(level)}`);
  const isForeign = owner !== "" && (level === Level.Platform || owner !== grants.organization);
  if (!isForeign) return undefined;
  return refuse(
    "OtherOrganization",
    `AccessRole ${name} belongs to Organization ${quote(owner)} and may be given only there`,
  );
}

export function refuseLastHolder(
  policy: Policy,
  { actor, role, target }: GrantQuestion,
  found: ResolvedQuestion,
  now: number,
): GrantRefused | undefined {
  const last = findLastHolder(policy, found.role, found.scope, target, now);
  if (last === undefined) return undefined;
  const { minimum, left } = last;
  const what = `${left} of ${minimum.count} holders of AccessRole ${quote(role)}`;
  return refuse(
    "LastHolder",
    `AccessConstraint ${quote(minimum.name)}: ${actor.scope} would be left with ${what}`,
  );
}
