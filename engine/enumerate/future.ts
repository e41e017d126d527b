import { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { Asker } from "./asker.ts";
import { instantsAfter } from "./instants.ts";
import { outlookAt } from "./outlook.ts";

/** How many instants are looked at before `until` gives the next one unseen: it may be earlier than needed, never later. */
const MOST = 64;

// Looking ahead is synchronous, so one set of keys serves all.
const keysThen = new KeySet();

/** What an asker will certainly be allowed at a scope from now on, worked out as far as it is asked. */
export class Future {
  readonly #asker: Asker;
  readonly #scope: ResolvedScope;
  readonly #instants: readonly number[];
  readonly #seen: Uint32Array[] = [];

  /** @param keys those of the asker now @param now milliseconds since 1970 */
  constructor(asker: Asker, keys: KeySet, scope: ResolvedScope, now: number) {
    this.#asker = asker;
    this.#scope = scope;
    this.#instants = instantsAfter(asker, keys, scope, now);
  }

  /**
   * The first instant at which something may no longer be so, in milliseconds since 1970; Infinity: none.
   *
   * @param isSo asked of the mask of what is certain then
   */
  until(isSo: (certain: Uint32Array) => boolean): number {
    const ends = this.#asker.token?.ends ?? Number.POSITIVE_INFINITY;
    for (const [index, instant] of this.#instants.entries()) {
      if (instant >= ends) break;
      if (index === MOST || !isSo(this.#certainAt(index, instant))) return instant;
    }
    return ends;
  }

  #certainAt(index: number, instant: number): Uint32Array {
    const known = this.#seen[index];
    if (known !== undefined) return known;
    this.#asker.fill(keysThen, instant);
    const { certain } = outlookAt(this.#asker, keysThen, this.#scope, instant);
    this.#seen[index] = certain;
    return certain;
  }
}
