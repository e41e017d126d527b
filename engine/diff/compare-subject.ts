import type { KeySet } from "../decide/key-set.ts";
import { formatScope, levelName } from "../model/scope.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";
import { asksForStoredFacts, isWithin } from "./condition-terms.ts";
import type { DiffEntry } from "./diff-entry.ts";
import type { Shard } from "./grant-rows.ts";
import type { PermissionPair, permissionsByLevel } from "./permissions-by-level.ts";
import type { ScopePair } from "./scope-pairs.ts";
import { SubjectSide } from "./subject-side.ts";

/** Two shards, and the scopes in them that are to be compared. */
export interface Region {
  readonly before: Shard;
  readonly after: Shard;
  readonly pairs: readonly ScopePair[];
}

/** Two policies, and what comparing them asks of both. */
export interface Comparison {
  readonly before: Policy;
  readonly after: Policy;
  readonly permissionsAt: ReturnType<typeof permissionsByLevel>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Filled anew for each subject. */
  readonly keysBefore: KeySet;
  readonly keysAfter: KeySet;
}

type Change = Pick<DiffEntry, "permission" | "before" | "after" | "conditions">;

/** Scopes that are compared without a pause. */
const BREATH = 64;

/** What a subject gained and lost at the scopes of a region. Yields undefined now and then. @param subject a key */
export function* compareSubject(
  comparison: Comparison,
  region: Region,
  subject: string,
): Generator<DiffEntry | undefined, void> {
  const { now, keysBefore, keysAfter } = comparison;
  const before = new SubjectSide(comparison.before, region.before, subject, keysBefore, now);
  const after = new SubjectSide(comparison.after, region.after, subject, keysAfter, now);
  const hasOtherMember = before.memberFacts() !== after.memberFacts();
  const known = new Map<string, readonly Change[]>();
  const who = describeSubject(subject);
  for (const [index, pair] of region.pairs.entries()) {
    if (index % BREATH === 0) yield undefined;
    const chains = [before.chainOf(pair.before), after.chainOf(pair.after)] as const;
    const hasOtherFacts = hasOtherMember || pair.hasOtherFacts;
    const key = `${chains[0]} ${chains[1]} ${pair.level} ${hasOtherFacts}`;
    let changes = known.get(key);
    if (changes === undefined) {
      const compare = new Sides(before, after, pair, chains, hasOtherFacts);
      changes = comparison.permissionsAt(pair.level).flatMap((permission) => compare.change(permission));
      known.set(key, changes);
    }
    const scope = formatScope(levelName(pair.level), pair.key.slice(1));
    for (const change of changes) yield { subject: who, scope, ...change };
  }
}

/** A subject's two sides at a scope. */
class Sides {
  readonly #before: SubjectSide;
  readonly #after: SubjectSide;
  readonly #pair: ScopePair;
  readonly #chains: readonly [before: string, after: string];
  readonly #hasOtherFacts: boolean;

  constructor(
    before: SubjectSide,
    after: SubjectSide,
    pair: ScopePair,
    chains: readonly [string, string],
    hasOtherFacts: boolean,
  ) {
    this.#before = before;
    this.#after = after;
    this.#pair = pair;
    this.#chains = chains;
    this.#hasOtherFacts = hasOtherFacts;
  }

  change(permission: PermissionPair): Change[] {
    const before = this.#before.standingAt(this.#pair.before, this.#chains[0], permission.before);
    const after = this.#after.standingAt(this.#pair.after, this.#chains[1], permission.after);
    const { name } = permission;
    if (before !== after) return [{ permission: name, before, after }];
    const conditions = before === "Conditional" ? this.#compareConditions(permission) : undefined;
    return conditions === undefined ? [] : [{ permission: name, before, after, conditions }];
  }

  #compareConditions({ before, after }: PermissionPair): DiffEntry["conditions"] {
    const chose = this.#before.needsChoice(this.#pair.before, this.#chains[0]);
    const chooses = this.#after.needsChoice(this.#pair.after, this.#chains[1]);
    if (chose && !chooses) return "Other";
    const old = this.#before.termsAt(this.#pair.before, before);
    const made = this.#after.termsAt(this.#pair.after, after);
    if (this.#hasOtherFacts && (asksForStoredFacts(old) || asksForStoredFacts(made))) return "Other";
    if (!isWithin(made, old)) return "Other";
    return isWithin(old, made) && chose === chooses ? undefined : "Narrower";
  }
}

function describeSubject(key: string): DiffEntry["subject"] {
  const kinds = { [SubjectDigit.User]: "User", [SubjectDigit.ServiceAccount]: "ServiceAccount" } as const;
  return { kind: kinds[key[0] as "1" | "2"] ?? "Group", name: key.slice(1) };
}
