import { boundScopes } from "../decide/held-grants.ts";
import type { KeySet } from "../decide/key-set.ts";
import type { Level } from "../model/scope.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Asker } from "./asker.ts";
import type { Holding } from "./holding.ts";
import { holdingOf } from "./holding-of.ts";
import { outlookAt } from "./outlook.ts";

/** The permissions that count at scopes of a level. */
export type WantedAt = (level: Level) => readonly number[];

/** What an asker has, of what is wanted, at the scopes of one shard. */
export class ShardScopes {
  readonly #asker: Asker;
  readonly #keys: KeySet;
  readonly #grants: LoadedGrants;
  readonly #wanted: WantedAt;
  readonly #now: number;
  readonly #bound: ReadonlySet<number>;
  // By scope where something is bound, what is held at scopes of each level on whose chain it is the lowest such.
  readonly #holdings = new Map<number, (level: Level) => Holding | undefined>();

  /** @param keys those of the asker now @param now milliseconds since 1970 */
  constructor(asker: Asker, keys: KeySet, grants: LoadedGrants, wanted: WantedAt, now: number) {
    this.#asker = asker;
    this.#keys = keys;
    this.#grants = grants;
    this.#wanted = wanted;
    this.#now = now;
    this.#bound = boundScopes(keys, grants);
  }

  /** Whether nothing is bound to the asker here, so that it has what it has at Platform. */
  get isBare(): boolean {
    return this.#bound.size === 0;
  }

  /** What is held at a scope. @param level its own, or another for scopes of that level below it where nothing is bound */
  at(row: number, level: Level): Holding | undefined {
    const bound = this.#lowestBound(row);
    let holdings = this.#holdings.get(bound);
    if (holdings === undefined) {
      holdings = this.#look(bound);
      this.#holdings.set(bound, holdings);
    }
    return holdings(level);
  }

  /** Scopes where nothing is bound have what their parents have: row 0 stands for the whole way up. */
  #lowestBound(row: number): number {
    let at = row;
    while (at !== 0 && !this.#bound.has(at)) at = this.#grants.parentOf(at);
    return at;
  }

  /** How many scopes have been looked at closely. */
  get looks(): number {
    return this.#holdings.size;
  }

  #look(row: number): (level: Level) => Holding | undefined {
    const grants = this.#grants;
    const scope = { grants, row, level: grants.levelOf(row) };
    const outlook = outlookAt(this.#asker, this.#keys, scope, this.#now);
    const hold = holdingOf(this.#asker, this.#keys, scope, outlook, this.#now);
    const byLevel = new Map<Level, Holding | undefined>();
    return (level) => {
      if (byLevel.has(level)) return byLevel.get(level);
      const holding = hold(this.#wanted(level));
      byLevel.set(level, holding);
      return holding;
    };
  }
}
