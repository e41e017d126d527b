import { type KeySet, SUBJECT } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { Asker } from "../enumerate/asker.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { Policy } from "../policy/policy.ts";
import { type ConditionTerms, conditionTerms } from "./condition-terms.ts";
import type { Standing } from "./diff-entry.ts";
import type { Shard } from "./grant-rows.ts";
import { type StandingOutlook, standingOutlook } from "./standing-outlook.ts";
import { subjectAsker } from "./subject-asker.ts";

/** Stands for a scope where nothing is allowed: there is none, or the organization is suspended. */
export const NOWHERE = "-";

/** What one subject has in one shard of one policy. Scopes that the same grants apply to are looked at once. */
export class SubjectSide {
  readonly #policy: Policy;
  readonly #shard: Shard;
  readonly #now: number;
  readonly #keys: KeySet;
  readonly #asker: Asker;
  readonly #bound = new Set<number>();
  readonly #outlooks = new Map<string, StandingOutlook>();

  /**
   * @param subject the key of a User, ServiceAccount or asserted Group
   * @param keys to be filled; they must stay as they are while the side is used
   * @param now milliseconds since 1970
   */
  constructor(policy: Policy, shard: Shard, subject: string, keys: KeySet, now: number) {
    this.#policy = policy;
    this.#shard = shard;
    this.#keys = keys;
    this.#now = now;
    this.#asker = subjectAsker(policy, subject);
    this.#asker.fill(this.#keys, now);
    if (shard !== undefined) this.#findBound(shard);
  }

  /** What is stored of the subject's membership, as a text. */
  memberFacts(): string {
    const row = this.#shard === undefined ? -1 : this.#keys.rowIn(this.#shard, SUBJECT);
    return row < 0 || !this.#shard!.isMember(row, this.#now)
      ? ""
      : JSON.stringify(this.#shard!.memberAttributes(row));
  }

  /** Names the grants that apply at a scope: two scopes with the same name give the same permissions. */
  chainOf(row: number): string {
    const shard = this.#shard;
    if (shard === undefined || row < 0 || shard.suspended) return NOWHERE;
    let chain = "";
    for (let scope = row; ; scope = shard.parentOf(scope)) {
      if (this.#bound.has(scope)) chain += `/${scope}`;
      if (scope === 0) return chain;
    }
  }

  /** @param chain that of the scope @param permission a number of the catalog; -1: none */
  standingAt(row: number, chain: string, permission: number): Standing {
    if (permission < 0 || chain === NOWHERE) return "None";
    const { certain, possible } = this.#outlookAt(row, chain);
    if (hasBit(certain, 0, permission)) return "Always";
    return hasBit(possible, 0, permission) ? "Conditional" : "None";
  }

  /** Whether everything that is Conditional at a scope is so only with a choice of active roles. */
  needsChoice(row: number, chain: string): boolean {
    return this.#outlookAt(row, chain).needsChoice;
  }

  /** What a permission hangs on that is Conditional, the choice of active roles aside. */
  termsAt(row: number, permission: number): ConditionTerms {
    return conditionTerms(this.#asker, this.#keys, this.#scopeAt(row), permission, this.#now);
  }

  #outlookAt(row: number, chain: string): StandingOutlook {
    let outlook = this.#outlooks.get(chain);
    if (outlook === undefined) {
      outlook = standingOutlook(this.#asker, this.#keys, this.#scopeAt(row), this.#now);
      this.#outlooks.set(chain, outlook);
    }
    return outlook;
  }

  #scopeAt(row: number): ResolvedScope {
    const grants = this.#shard ?? this.#policy.platform;
    return { grants, row, level: grants.levelOf(row) };
  }

  #findBound(shard: NonNullable<Shard>): void {
    for (let key = 0; key < this.#keys.count; key++) {
      const subject = this.#keys.rowIn(shard, key);
      if (subject < 0) continue;
      for (let grant = shard.firstGrant(subject); grant < shard.endOfGrants(subject); grant++)
        this.#bound.add(shard.scopeOf(grant));
    }
  }
}
