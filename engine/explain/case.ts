import { AskedConditions } from "../condition/asked-conditions.ts";
import type { ConditionFacts } from "../condition/condition-facts.ts";
import { Circumstances } from "../decide/circumstances.ts";
import { gatherKeys } from "../decide/gather-keys.ts";
import { heldGrants } from "../decide/held-grants.ts";
import { fitsAt, isFitting } from "../decide/is-fitting.ts";
import { KeySet, SUBJECT } from "../decide/key-set.ts";
import { isOnChain, type Place } from "../decide/place.ts";
import type { DecisionRequest } from "../decide/request.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { hypotheticalGrant, type StandingGrant } from "../decide/standing-grant.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";

/** A grant of the subject, in or out of its window, with all that decides whether it counts. */
export interface CaseGrant extends StandingGrant {
  readonly binding: string;
  /** Whether every group on the way to it counts (semantics, section 3). */
  readonly counts: boolean;
  /** Whether the role may be bound at its scope, and the group bound there. */
  readonly fits: boolean;
}

/** A request with everything that its decision looks at, so that changes can be tried out on it. */
export interface Case {
  readonly policy: Policy;
  readonly request: DecisionRequest;
  readonly scope: ResolvedScope;
  readonly permission: number;
  readonly now: number;
  readonly keys: KeySet;
  /** Whether the subject is a member of the scope's organization, or none is asked for. */
  readonly isMember: boolean;
  readonly grants: readonly CaseGrant[];
  readonly facts: ConditionFacts;
  /** What conditions come to over these facts. */
  readonly conditions: AskedConditions;
}

/**
 * Gathers the case of a request that names what exists.
 *
 * @param joins whether the subject is assumed to be a member of the scope's organization
 * @param now milliseconds since 1970
 */
export function gatherCase(
  policy: Policy,
  request: DecisionRequest,
  scope: ResolvedScope,
  permission: number,
  now: number,
  joins: boolean,
): Case {
  const { grants, row } = scope;
  const keys = new KeySet();
  gatherKeys(keys, policy, request, now);
  const isOpen = grants === policy.platform || !policy.model.membershipRequired;
  const member = grants === policy.platform ? -1 : keys.rowIn(grants, SUBJECT);
  const wasMember = grants.isMember(member, now);
  const isJoining = joins && !wasMember;
  // A membership that is over was given its defaults when it began.
  const isNew = isJoining && grants.memberUntil(member) === undefined;
  if (isJoining) {
    keys.assumedMemberOf = grants.organization;
    gatherKeys(keys, policy, request, now);
  }
  const asked = new Circumstances(policy, keys, request, scope, now).facts;
  const facts = isJoining ? { ...asked, member: { attributes: grants.memberAttributes(member) } } : asked;
  return {
    policy,
    request,
    scope,
    permission,
    now,
    keys,
    isMember: isOpen || wasMember || joins,
    grants: [
      ...grantsIn(policy, keys, { grants: policy.platform, row: 0 }, now),
      ...(grants === policy.platform ? [] : grantsIn(policy, keys, scope, now)),
      ...(isNew ? defaultsAt(policy, grants, row) : []),
    ],
    facts,
    conditions: new AskedConditions(facts),
  };
}

/** The grants that apply at a place and, where constraints look farther, all others of its shard. */
function grantsIn(policy: Policy, keys: KeySet, place: Place, now: number): CaseGrant[] {
  const { grants, row } = place;
  const found: CaseGrant[] = [];
  const { hasWide } = policy.model.constraints;
  for (const { grant, key } of heldGrants(keys, grants)) {
    const role = grants.roleOf(grant, policy.model);
    const scope = grants.scopeOf(grant);
    if (role < 0 || !(hasWide || isOnChain(place, scope, row))) continue;
    found.push({
      grants,
      grant,
      key,
      role,
      scope,
      binding: grants.bindingName(grant),
      isDefault: grants.isDefault(grant),
      isAsserted: keys.asserted[key]!,
      isInForce: grants.isInForce(grant, now),
      counts: keys.counts[key]!,
      fits: isFitting(policy.model, grants, grant, role, keys.owners[key]!),
    });
  }
  return found;
}

/** What joining would give at the organization and at the scope or, where constraints look farther, at all scopes. */
function defaultsAt({ model }: Policy, grants: LoadedGrants, row: number): CaseGrant[] {
  const scopes = model.constraints.hasWide ? Array(grants.scopes.size).keys() : new Set([0, row]);
  return [...scopes].flatMap((scope) => {
    const type = scope === 0 ? "" : grants.scopeType(scope);
    const role = type === undefined ? undefined : model.defaults.get(type);
    return role === undefined ? [] : [hypotheticalCaseGrant(model, grants, scope, role, true)];
  });
}

/** A grant to the subject itself that nobody has made. */
export function hypotheticalCaseGrant(
  model: Policy["model"],
  grants: LoadedGrants,
  scope: number,
  role: number,
  isDefault: boolean,
): CaseGrant {
  return {
    ...hypotheticalGrant(grants, scope, role, isDefault),
    binding: "",
    counts: true,
    fits: fitsAt(model, grants, scope, role),
  };
}
