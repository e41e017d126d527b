import { type KeySet, SUBJECT } from "../decide/key-set.ts";
import type { StandingGrant } from "../decide/standing-grant.ts";
import { quote } from "../model/quote.ts";
import { readSubjectKey, SubjectDigit } from "../model/subject.ts";
import { untilLoaded } from "../policy/organizations.ts";
import type { Policy } from "../policy/policy.ts";
import { scopeText } from "../policy/scope-text.ts";
import { type AddedGrant, type Conflict, findConflict } from "./find-conflict.ts";
import { type GrantRefused, refuse } from "./grant-answer.ts";
import { keysOf, organizationOfTarget, receiversOf, type Target } from "./target.ts";

/**
 * Why a target can not be given grants, all of them together, or undefined (semantics, section 8): a User or ServiceAccount
 * must be a member where that is required, and no static or exclusive conflict may arise for it or a member of it. Yields after
 * each member, of whom a group may have tens of thousands.
 *
 * @param now milliseconds since 1970
 * @param without a binding whose grants these replace
 */
export function* refuseReceiver(
  policy: Policy,
  target: Target,
  grants: readonly AddedGrant[],
  now: number,
  without?: string,
): Generator<undefined, GrantRefused | undefined> {
  for (const { place } of grants) {
    if (!lacksMembership(policy, target, place, now)) continue;
    const organization = quote(place.grants.organization);
    return refuse("NoMembership", `${formatTarget(target)} is no member of Organization ${organization}`);
  }
  // A group that belongs to an organization gets nothing elsewhere, so nothing can conflict with it.
  const owner = organizationOfTarget(policy, target);
  const effective = grants.filter(({ place }) => owner === "" || owner === place.grants.organization);
  for (const receiver of receiversOf(policy, target)) {
    const conflict = yield* untilLoaded(policy.organizations, () => {
      const keys = keysOf(policy, receiver, now);
      const found = findConflict(policy, keys, effective, now, without);
      return found && describe(policy, keys, found);
    });
    if (conflict !== undefined) return refuse("Conflict", conflict);
    yield undefined;
  }
  return undefined;
}

function lacksMembership(
  { model, platform }: Policy,
  { kind, name }: Target,
  { grants }: AddedGrant["place"],
  now: number,
): boolean {
  if (kind !== "User" && kind !== "ServiceAccount") return false;
  if (!model.membershipRequired || grants === platform) return false;
  return !grants.isMember(grants.subjects.findText(SubjectDigit[kind] + name), now);
}

function describe(policy: Policy, keys: KeySet, { constraint, parties }: Conflict): string {
  const holder = formatTarget(readSubjectKey(keys.text(SUBJECT)));
  const [one, other] = parties;
  const beside = other === one ? "which is too much by itself" : `beside ${describeParty(policy, other)}`;
  const what = `${describeParty(policy, one)}, ${beside}`;
  return `AccessConstraint ${quote(constraint.name)}: ${holder} would have ${what}`;
}

function describeParty({ model }: Policy, { grants, grant, role, scope }: StandingGrant): string {
  const at = scopeText(grants, scope);
  const by = grant < 0 ? "" : ` (AccessRoleBinding ${quote(grants.bindingName(grant))})`;
  return `${quote(model.roles.names[role]!)} at ${at}${by}`;
}

/** Writes a target as "Kind "name"". */
export function formatTarget({ kind, name }: Target): string {
  return `${kind} ${quote(name)}`;
}
