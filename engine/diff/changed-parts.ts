import { byCodeUnits } from "../model/order.ts";
import { AUTHENTICATED, SubjectDigit } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";
import type { Region } from "./compare-subject.ts";
import { hasKey, keysOf, type Shard, touchedKeys } from "./grant-rows.ts";
import { GroupMembers, isSameShard } from "./group-changes.ts";
import { changedRoles } from "./model-changes.ts";
import { regroupedSubjects } from "./regrouped.ts";
import { hasOtherScopes, pairOf, pairScopes, type ScopePair } from "./scope-pairs.ts";

const EVERYONE = SubjectDigit.Group + AUTHENTICATED;

/** A subject for whom something is not the same in a region of two policies. */
export interface ChangedPart {
  readonly region: Region;
  /** A key, of no AccessGroup. */
  readonly subject: string;
}

/** What work done in steps yields: a part of the result, or nothing but an opportunity to let others in between. */
export type Steps<T> = Generator<T | undefined, void>;

/**
 * The subjects for whom anything between two policies may not be the same, region by region: Platform first, then by
 * organization and subject. Subjects are all Users, ServiceAccounts and asserted Groups that either policy names, and
 * `system:authenticated`.
 *
 * Organizations, subjects and scopes whose inputs are the same in both policies are passed over. Yields undefined now and then
 * on the way.
 *
 * @param now milliseconds since 1970
 */
export function* changedParts(before: Policy, after: Policy, now: number): Steps<ChangedPart> {
  if (before.revision === after.revision) return;
  yield* new ChangedParts(before, after, now).run();
}

/** Keys that are looked at without a pause. */
const BREATH = 256;

class ChangedParts {
  readonly #before: Policy;
  readonly #after: Policy;
  readonly #now: number;
  readonly #members: GroupMembers;
  readonly #roles: ReadonlySet<string>;
  /** Whether every grant below Platform may count otherwise. */
  readonly #isWide: boolean;
  readonly #asksMembership: boolean;
  /** Subjects whose grants at Platform, which count everywhere, are not the same. */
  #atPlatform: ReadonlySet<string> = new Set();
  #regrouped: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #everybody: ReadonlySet<string> | undefined;
  #withPlatformGrants: ReadonlySet<string> | undefined;

  constructor(before: Policy, after: Policy, now: number) {
    this.#before = before;
    this.#after = after;
    this.#now = now;
    this.#members = new GroupMembers(before, after);
    this.#roles = isSameShard(before, after, "model") ? new Set() : changedRoles(before.model, after.model);
    this.#isWide = before.model.membershipRequired !== after.model.membershipRequired;
    this.#asksMembership = before.model.membershipRequired && after.model.membershipRequired;
  }

  *run(): Steps<ChangedPart> {
    const concerned = yield* this.#perhapsRegrouped();
    this.#regrouped = yield* regroupedSubjects(this.#before, this.#after, concerned, this.#now);
    this.#atPlatform = yield* this.#changedAtPlatform();
    const { platform } = this.#before;
    const pairs = pairScopes(platform, this.#after.platform);
    yield* partsOf({ before: platform, after: this.#after.platform, pairs }, this.#atPlatform);
    const moved = this.#movedScopes();
    for (const [index, name] of this.#organizationNames().entries()) {
      if (index % BREATH === 0) yield undefined;
      yield* this.#organization(name, moved);
    }
    for (const { region } of moved.values()) yield* partsOf(region, yield* this.#concerned(region));
  }

  *#organization(name: string, moved: ReadonlyMap<string, unknown>): Steps<ChangedPart> {
    const { before, after, isSame } = this.#shards(name);
    const isQuiet = isSame && !this.#isWide && this.#roles.size === 0;
    if (isQuiet && this.#atPlatform.size === 0 && this.#regrouped.size === 0) return;
    const pairs = isSame ? pairScopes(before, before) : pairScopes(before, after);
    const region = { before, after, pairs: pairs.filter(({ key }) => !moved.has(key)) };
    const isOther = this.#isWide || (!isSame && hasOtherScopes(before, after, pairs));
    yield* partsOf(region, isOther ? yield* this.#concerned(region) : yield* this.#touched(region, isSame));
  }

  /** The subjects for whom something in a region of the same scopes is not the same. */
  *#touched({ before, after }: Region, isSame: boolean): Work<Set<string>> {
    const keys = isSame
      ? this.#roles.size === 0
        ? new Set<string>()
        : yield* touchedKeys(before, before, this.#roles)
      : yield* touchedKeys(before, after, this.#roles);
    const subjects = yield* this.#below(keys, before, after);
    for (const subject of this.#atPlatform) subjects.add(subject);
    for (const [key, regrouped] of this.#regrouped) {
      if (!hasKey(before, after, key)) continue;
      for (const subject of regrouped) subjects.add(subject);
    }
    return subjects;
  }

  /** All subjects for whom anything in a region may count. */
  *#concerned({ before, after }: Region): Work<Set<string>> {
    const subjects = yield* this.#below(keysOf(before, after), before, after);
    for (const subject of yield* this.#platformSubjects()) subjects.add(subject);
    return subjects;
  }

  /** Those who act under one of these keys in a shard. */
  *#below(keys: ReadonlySet<string>, before: Shard, after: Shard): Work<Set<string>> {
    yield undefined;
    const subjects = this.#members.below(keys);
    if (!subjects.has(EVERYONE)) return subjects;
    const isOfMembers = this.#asksMembership && (before ?? after)?.organization !== "";
    const everyone = yield* this.#everyone();
    if (!isOfMembers) return new Set([...subjects, ...everyone]);
    // Below Platform a grant is for members, a Deny for those as well who have something by Platform.
    // Constraints void grants of those as well who are no members yet, but have something there by a group.
    const own = [...this.#members.below(keysOf(before, after))].filter(
      (key) => !key.startsWith(SubjectDigit.AccessGroup),
    );
    const groups = [...everyone].filter((key) => key.startsWith(SubjectDigit.Group));
    return new Set([...subjects, ...own, ...groups, ...(yield* this.#platformSubjects())]);
  }

  *#changedAtPlatform(): Work<Set<string>> {
    const [before, after] = [this.#before.platform, this.#after.platform];
    const keys = yield* touchedKeys(before, after, this.#roles);
    const subjects = yield* this.#below(keys, before, after);
    for (const [key, regrouped] of this.#regrouped) {
      if (!hasKey(before, after, key)) continue;
      for (const subject of regrouped) subjects.add(subject);
    }
    return subjects;
  }

  *#platformSubjects(): Work<ReadonlySet<string>> {
    const [before, after] = [this.#before.platform, this.#after.platform];
    return (this.#withPlatformGrants ??= yield* this.#below(keysOf(before, after), before, after));
  }

  /** All subjects that either policy names. */
  *#everyone(): Work<ReadonlySet<string>> {
    if (this.#everybody !== undefined) return this.#everybody;
    const subjects = new Set([EVERYONE, ...this.#members.keys()]);
    for (const { platform, organizations } of [this.#before, this.#after]) {
      for (const shard of [platform, ...organizations.values()]) {
        for (const key of keysOf(shard, undefined)) subjects.add(key);
        yield undefined;
      }
    }
    return (this.#everybody = subjects);
  }

  /** Those whose groups, or memberships by which groups count, are not the same. */
  *#perhapsRegrouped(): Work<Set<string>> {
    const keys = this.#members.changed();
    for (const [owner, groups] of this.#members.ofOrganizations()) {
      const { before, after, isSame } = this.#shards(owner);
      if (isSame) continue;
      // No group of an organization that there is not counts for anybody.
      if (before === undefined || after === undefined) for (const group of groups) keys.add(group);
      for (const key of yield* touchedKeys(before, after, new Set())) keys.add(key);
      yield undefined;
    }
    const subjects = this.#members.below(keys);
    return subjects.has(EVERYONE) ? new Set([...subjects, ...(yield* this.#everyone())]) : subjects;
  }

  #shards(organization: string): { before: Shard; after: Shard; isSame: boolean } {
    const before = this.#before.organizations.get(organization);
    const after = this.#after.organizations.get(organization);
    const isSame = isSameShard(this.#before, this.#after, `organization/${organization}`);
    return { before, after, isSame };
  }

  #organizationNames(): string[] {
    const names = new Set([...this.#before.organizations.keys(), ...this.#after.organizations.keys()]);
    return [...names].sort(byCodeUnits);
  }

  /** Scopes that lie in another organization now, by key, each a region of its own. */
  #movedScopes(): Map<string, { readonly region: Region }> {
    const left = new Map<string, { shard: NonNullable<Shard>; row: number }>();
    const moved = new Map<string, { readonly region: Region }>();
    for (const name of this.#organizationNames()) {
      const { before, after, isSame } = this.#shards(name);
      if (isSame || before === undefined) continue;
      for (let row = 1; row < before.scopes.size; row++) {
        const key = before.scopes.text(row);
        if ((after?.scopes.findText(key) ?? -1) < 0) left.set(key, { shard: before, row });
      }
    }
    if (left.size === 0) return moved;
    for (const name of this.#organizationNames()) {
      const { after, isSame } = this.#shards(name);
      if (isSame || after === undefined) continue;
      for (let row = 1; row < after.scopes.size; row++) {
        const key = after.scopes.text(row);
        const old = left.get(key);
        if (old === undefined) continue;
        const pairs: readonly ScopePair[] = [pairOf(key, old.shard, old.row, after, row)];
        moved.set(key, { region: { before: old.shard, after, pairs } });
      }
    }
    return moved;
  }
}

/** Work that pauses now and then and comes to a result. */
type Work<T> = Generator<undefined, T>;

function* partsOf(region: Region, subjects: ReadonlySet<string>): Steps<ChangedPart> {
  if (region.pairs.length === 0) return;
  for (const subject of [...subjects].sort(byCodeUnits))
    if (!subject.startsWith(SubjectDigit.AccessGroup)) yield { region, subject };
}
