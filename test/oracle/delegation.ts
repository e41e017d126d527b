import type { AccessRoleBinding, SidegateObject } from "../../engine/model/objects.generated.ts";
import { activatedRoles } from "./activation.ts";
import { evaluate, factsOf } from "./conditions.ts";
import { voidBy } from "./constraints.ts";
import { askerOf } from "./decide.ts";
import { isDefault } from "./default-name.ts";
import { effectiveGrants, requiresMembership } from "./effective.ts";
import { type Existing, existing } from "./existing.ts";
import { allGrants, mayBeAssigned } from "./grants.ts";
import { rolesAllowingIn } from "./includes.ts";
import { instantsAfter } from "./instants.ts";
import { isMember } from "./membership.ts";
import type { OracleRequest } from "./request.ts";
import { allScopes, chainOf, isSameScope, organizationOf, parseScope, type Scope } from "./scopes.ts";
import { type Identity, isSame } from "./subjects.ts";
import { readToken } from "./tokens.ts";
import { isInWindow } from "./window.ts";
import { yields } from "./yielding.ts";

/** A question of section 8. */
export interface GrantQuestion {
  /** Who would give or take, and where, as in a check. Permission, resource and context are not asked. */
  readonly actor: OracleRequest;
  readonly verb: "Give" | "Take";
  readonly role: string;
  readonly target: Identity;
}

/**
 * Section 8: "`CanGrant(actor, verb, role, scope, target)` is true when an effective grant of the actor says so [...], the role
 * may be assigned there; for Give, no static or exclusive conflict arises [...] and, with `membership: Required`, a User or
 * ServiceAccount is a member; for Take, no `minHolders` breaks."
 *
 * @param now milliseconds since 1970
 */
export function canGrant(objects: readonly SidegateObject[], question: GrantQuestion, now: number): boolean {
  const world = existing(objects);
  const scope = parseScope(question.actor.scope);
  const role = world.roles.find(({ metadata }) => metadata.name === question.role);
  if (scope === undefined || chainOf(world, scope) === undefined || role === undefined) return false;
  if (!mayBeAssigned(world, role, scope) || !grantSays(world, question, scope, now)) return false;
  const { target, verb } = question;
  if (verb === "Take") return !breaksMinHolders(world, question.role, scope, target, now);
  return isFitMember(world, target, scope, now) && !conflicts(world, question.role, scope, target, now);
}

/**
 * "Who holds it at a scope may give or take the listed roles at that scope and below, at those levels"; "conditions evaluated
 * with an empty context, an error is no". Of what is asked for, only the subject and the scope are there. Grants entries come
 * through includes as Allow rules do (section 4).
 */
function grantSays(world: Existing, question: GrantQuestion, scope: Scope, now: number): boolean {
  const { actor, role, verb } = question;
  const token = actor.token && readToken(world, actor, now);
  const asker = askerOf(actor, token);
  if (asker === undefined) return false;
  // "A token whose claim narrows (or that is narrowed for lack of the claim) gives no right to grant."
  if (token && (token.members !== undefined || token.policy.spec.narrowing.absent !== "Allow")) return false;
  const { subjectAttributes } = actor;
  const facts = factsOf(world, asker, scope, { subjectAttributes, claims: token?.claims }, now);
  const active = activatedRoles(world, asker, scope, actor.activeRoles, now);
  return effectiveGrants(world, asker, scope, now)
    .filter(({ binding }) => binding.spec.when === undefined || evaluate(binding.spec.when, facts) === true)
    .flatMap((grant) => rolesAllowingIn(world.roles, grant.role.metadata.name))
    .filter((name) => active === undefined || active.includes(name))
    .flatMap((name) => world.roles.find(({ metadata }) => metadata.name === name)?.spec.grants ?? [])
    .some(
      ({ roles, levels, verbs = ["Give", "Take"] }) =>
        roles.includes(role) && levels.includes(scope.kind) && verbs.includes(verb),
    );
}

/** "With `membership: Required`, a User or ServiceAccount is a member." At Platform no membership is needed. */
function isFitMember(world: Existing, target: Identity, scope: Scope, now: number): boolean {
  const organization = organizationOf(world, scope);
  const isPerson = target.kind === "User" || target.kind === "ServiceAccount";
  return (
    !isPerson ||
    !requiresMembership(world) ||
    organization === undefined ||
    isMember(world, target, organization, now)
  );
}

/**
 * "No static or exclusive conflict arises for the target in any unit at or below the scope (for an AccessGroup, for each
 * member)": with the grant, no constraint comes to void anything, neither it nor another. "The grant is thought of as without end", and
 * "overlapping time windows count as a conflict" (section 6). A default yields, so it is no conflict (section 9).
 */
function conflicts(world: Existing, role: string, scope: Scope, target: Identity, now: number): boolean {
  const given = {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "AccessRoleBinding",
    metadata: { name: "given" },
    spec: { role, subjects: [target], scope },
  } as AccessRoleBinding;
  const after = { ...world, bindings: [...world.bindings, given] };
  const below = allScopes(world).filter((other) =>
    chainOf(world, other)?.some((ancestor) => isSameScope(ancestor, scope)),
  );
  return judged(world, target).some((subject) =>
    below.some((unit) =>
      [now, ...instantsAfter(world, now)].some((instant) => {
        const asker = { ...subject, groups: [] };
        return world.constraints.some((constraint) => {
          const before = voidBy(world, constraint, asker, unit, instant);
          return voidBy(after, constraint, asker, unit, instant).some(
            ({ binding, subject: held }) =>
              !isDefault(binding) &&
              !before.some((known) => known.binding === binding && isSame(known.subject, held)),
          );
        });
      }),
    ),
  );
}

/** Whom a target stands for: of an AccessGroup all members, at any depth; "an asserted Group is judged alone". */
function judged(world: Existing, target: Identity): Identity[] {
  const found: Identity[] = [target];
  for (const identity of found) {
    if (identity.kind !== "AccessGroup") continue;
    const group = world.groups.find(({ metadata }) => metadata.name === identity.name);
    const members = group?.spec.members ?? [];
    found.push(...members.filter((member) => !found.some((known) => isSame(known, member))));
  }
  return found.filter(({ kind }) => kind !== "AccessGroup");
}

/**
 * Section 6: a scope "keeps at least `count` Users named directly by bindings of the role at the scope itself, without expiry,
 * future start or condition, who are members without expiry (at Platform no membership is asked); groups do not count". Taking
 * must not bring the number, or bring it further, below `count`.
 */
function breaksMinHolders(
  world: Existing,
  role: string,
  scope: Scope,
  target: Identity,
  now: number,
): boolean {
  const holders = holdersOf(world, role, scope, now);
  const left = holders.filter((holder) => !isSame(holder, target));
  return world.constraints.some(({ spec: { minHolders } }) => {
    if (minHolders?.role !== role || minHolders.level !== scope.kind) return false;
    return left.length < holders.length && left.length < minHolders.count;
  });
}

function holdersOf(world: Existing, role: string, scope: Scope, now: number): Identity[] {
  const organization = organizationOf(world, scope);
  const users = allGrants(world)
    .filter((grant) => grant.role.metadata.name === role && isSameScope(grant.scope, scope))
    .filter(({ binding: { spec } }) => spec.expiresAt === undefined && spec.when === undefined)
    .filter(({ binding: { spec } }) => isInWindow(spec, now))
    .filter(({ subject }) => subject.kind === "User")
    // "A default yields: it is not given".
    .filter((grant) => !yields(world, { ...grant.subject, groups: [] }, grant))
    .map(({ subject }) => subject);
  return users
    .filter((user, index) => users.findIndex((other) => isSame(other, user)) === index)
    .filter(
      (user) =>
        organization === undefined ||
        !requiresMembership(world) ||
        isMemberWithoutEnd(world, user, organization),
    );
}

/** A Membership that ends is over at the end of time. */
function isMemberWithoutEnd(world: Existing, user: Identity, organization: string): boolean {
  return isMember(world, user, organization, Number.MAX_SAFE_INTEGER);
}
