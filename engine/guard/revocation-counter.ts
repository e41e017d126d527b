import { fitsAt } from "../decide/is-fitting.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { LoadedSubjects } from "../policy/loaded-buckets.ts";
import { type LoadedGrants, NO_ROLE } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";

/** How much of what one policy grants another does not grant any more. */
export interface Revocation {
  /** Grants that count in the policy before, and the members of its declared groups. */
  readonly total: number;
  /** Those of them that do not count in the policy after. */
  readonly revoked: number;
}

/**
 * Compares what two policies of a domain grant. A grant is a subject, a role and a scope: the same one from another binding
 * is no revocation. It counts while its role exists, carries any permission and may be assigned there, its window is not
 * over, its organization is not suspended, and its subject is a member where membership is asked for. Each member of a
 * declared group counts as one more, so that emptying a group counts. A role that only lost some permissions takes no
 * grant away.
 *
 * It remembers how many grants a shard has, so that a comparison costs time in proportion to the shards that differ, or to
 * all when the roles or settings differ.
 */
export class RevocationCounter {
  readonly #counts = new WeakMap<LoadedGrants, { readonly model: LoadedModel; readonly count: number }>();

  /** @param now milliseconds since 1970 */
  count(before: Policy, after: Policy, now: number): Revocation {
    let total = 0;
    let revoked = 0;
    for (const [old, current] of grantPairs(before, after)) {
      total += this.#countOf(before.model, old, now);
      if (old === current && before.model === after.model) continue;
      const kept = new Set(current && grantsThatCount(after.model, current, now));
      for (const grant of grantsThatCount(before.model, old, now)) if (!kept.has(grant)) revoked++;
    }
    for (const [bucket, old] of before.subjects.entries()) {
      if (old === undefined) continue;
      total += old.memberGroup.length;
      const current = after.subjects[bucket];
      if (old === current) continue;
      const kept = new Set(current && groupMembers(current));
      for (const member of groupMembers(old)) if (!kept.has(member)) revoked++;
    }
    return { total, revoked };
  }

  #countOf(model: LoadedModel, grants: LoadedGrants, now: number): number {
    const known = this.#counts.get(grants);
    if (known?.model === model) return known.count;
    let count = 0;
    for (const _ of grantsThatCount(model, grants, now)) count++;
    this.#counts.set(grants, { model, count });
    return count;
  }
}

/** The grants at Platform and of each organization of the policy before, with those of the policy after. */
function* grantPairs(
  before: Policy,
  after: Policy,
): Iterable<readonly [LoadedGrants, LoadedGrants | undefined]> {
  yield [before.platform, after.platform];
  for (const [name, grants] of before.organizations) yield [grants, after.organizations.get(name)];
}

/** Each grant that counts, as a text that is the same in both policies. */
function* grantsThatCount(model: LoadedModel, grants: LoadedGrants, now: number): Iterable<string> {
  if (grants.suspended) return;
  for (let subject = 0; subject < grants.subjects.size; subject++) {
    const end = grants.endOfGrants(subject);
    const first = grants.firstGrant(subject);
    if (first === end) continue;
    const key = grants.subjects.text(subject);
    if (!isCounted(model, grants, subject, key, now)) continue;
    for (let grant = first; grant < end; grant++) {
      const role = grants.roleOf(grant, model);
      const scope = grants.scopeOf(grant);
      if (role === NO_ROLE || !carriesAnything(model, role) || !fitsAt(model, grants, scope, role)) continue;
      if (grants.windowOf(grant).expires <= now) continue;
      yield `${key}\n${grants.roleName(grant)}\n${grants.scopes.text(scope)}`;
    }
  }
}

/** Whether the grants of a subject count at all: a person or a service account needs its membership. */
function isCounted(
  model: LoadedModel,
  grants: LoadedGrants,
  subject: number,
  key: string,
  now: number,
): boolean {
  if (!model.membershipRequired || grants.organization === "") return true;
  const isGroup = key.startsWith(SubjectDigit.Group) || key.startsWith(SubjectDigit.AccessGroup);
  return isGroup || grants.isMember(subject, now);
}

function carriesAnything({ roles, catalog }: LoadedModel, role: number): boolean {
  const from = roles.at(role);
  for (let word = from; word < from + catalog.words; word++)
    if (roles.all.allow[word] !== 0 || roles.all.narrowAllow[word] !== 0) return true;
  return roles.compiled[role]!.delegations.length > 0;
}

/** Each direct member of each declared group, of one bucket. */
function* groupMembers(bucket: LoadedSubjects): Iterable<string> {
  for (let member = 0; member < bucket.members.size; member++) {
    const key = bucket.members.text(member);
    for (let at = bucket.firstGroup(member); at < bucket.memberGroupEnds[member]!; at++)
      yield `${key}\n${bucket.groupNames.text(bucket.memberGroup[at]!)}`;
  }
}
