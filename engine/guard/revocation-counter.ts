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
      revoked += countRevoked(
        { model: before.model, grants: old },
        { model: after.model, grants: current },
        now,
      );
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
    for (let subject = 0; subject < grants.subjects.size; subject++)
      count += grantsThatCount(model, grants, subject, now).length;
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

/** The grants of a shard with the model that says what they come to. */
interface Side<Grants extends LoadedGrants | undefined> {
  readonly model: LoadedModel;
  readonly grants: Grants;
}

/** How many grants that count on one side do not on the other. */
function countRevoked(
  before: Side<LoadedGrants>,
  after: Side<LoadedGrants | undefined>,
  now: number,
): number {
  const [old, current] = [before.grants, after.grants];
  const scopes = Int32Array.from({ length: old.scopes.size }, (_, row) =>
    current === undefined ? -1 : current.scopes.findText(old.scopes.text(row)),
  );
  const { subjects } = old;
  let revoked = 0;
  for (let subject = 0; subject < subjects.size; subject++) {
    const had = grantsThatCount(before.model, old, subject, now);
    if (had.length === 0) continue;
    const [start, end] = [subjects.start(subject), subjects.end(subject)];
    const row = current?.subjects.find(subjects.pool, start, end, subjects.hash(subject)) ?? -1;
    const has = current === undefined || row < 0 ? [] : grantsThatCount(after.model, current, row, now);
    revoked += has.length === 0 ? had.length : countMissing(old, had, scopes, current as LoadedGrants, has);
  }
  return revoked;
}

/** How many grants of a subject it has no more. @param scopes by row of the old shard, the row in the current one or -1 */
function countMissing(
  old: LoadedGrants,
  had: readonly number[],
  scopes: Int32Array,
  current: LoadedGrants,
  has: readonly number[],
): number {
  const isSame = (grant: number, other: number) =>
    scopes[old.scopeOf(grant)] === current.scopeOf(other) && old.roleName(grant) === current.roleName(other);
  // Nearly all have what they had, in the same order.
  if (had.length <= has.length && had.every((grant, at) => isSame(grant, has[at]!))) return 0;
  const kept = new Set(has.map((grant) => `${current.scopeOf(grant)}\n${current.roleName(grant)}`));
  return had.filter((grant) => !kept.has(`${scopes[old.scopeOf(grant)]}\n${old.roleName(grant)}`)).length;
}

/** The grants of a subject that count. */
function grantsThatCount(model: LoadedModel, grants: LoadedGrants, subject: number, now: number): number[] {
  const counting: number[] = [];
  const [first, end] = [grants.firstGrant(subject), grants.endOfGrants(subject)];
  if (first === end || grants.suspended || !isCounted(model, grants, subject, now)) return counting;
  for (let grant = first; grant < end; grant++) {
    const role = grants.roleOf(grant, model);
    if (
      role === NO_ROLE ||
      !carriesAnything(model, role) ||
      !fitsAt(model, grants, grants.scopeOf(grant), role)
    )
      continue;
    if (grants.windowOf(grant).expires > now) counting.push(grant);
  }
  return counting;
}

/** Whether the grants of a subject count at all: a person or a service account needs its membership. */
function isCounted(model: LoadedModel, grants: LoadedGrants, subject: number, now: number): boolean {
  if (!model.membershipRequired || grants.organization === "") return true;
  const digit = String.fromCharCode(grants.subjects.pool[grants.subjects.start(subject)]!);
  const isGroup = digit === SubjectDigit.Group || digit === SubjectDigit.AccessGroup;
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
