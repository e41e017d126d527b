/**
 * The organizations of a policy for one question: what has been loaded for it stays until it is answered, whatever is let go
 * for others meanwhile.
 *
 * Work is done in attempts. `begin` starts one; it ends with a result, or with ShardNeeded, and is done again after `load`.
 *
 *   fresh      nothing is known of this work
 *   retried    `begin` after ShardNeeded: what earlier attempts found out counts again, so that each gets further
 *
 * Of many organizations that are looked at one by one only the last is held, and the next few. So is no shard that was needed for a membership
 * alone: when that ends is noted instead, since a subject may be in groups of any number of organizations.
 */
import type { LoadedGrants } from "../../engine/policy/loaded-grants.ts";
import { type Organizations, ShardNeeded } from "../../engine/policy/organizations.ts";
import { type ListedOrganizations, notAtOnce } from "./listed-organizations.ts";
import type { Patience, WantedShard } from "./loader.ts";

/** "<organization>/<key of a subject>" to the end of the membership. */
type Memberships = Map<string, number | undefined>;

/** How many organizations are loaded ahead of a walk. */
const AHEAD = 16;

/** What an attempt needs. */
interface Need {
  readonly name: string;
  /** Whether this question holds on to it. */
  readonly isPinned: boolean;
  /** Whether it is likely to be asked about again, and so worth a place in memory. */
  readonly stays: boolean;
}

export class PinnedOrganizations implements Organizations {
  readonly isResident = false;
  readonly #all: ListedOrganizations;
  readonly #pins = new Map<string, LoadedGrants>();
  #visited: { readonly name: string; readonly grants: LoadedGrants } | undefined;
  /** Of whom the question is about. */
  readonly #memberships: Memberships = new Map();
  /** Of others, asked in the work at hand. */
  readonly #found: Memberships = new Map();
  /** For each call of `some` in the work at hand, how many organizations have failed the test. */
  #walks: number[] = [];
  #walk = 0;
  /** Organizations that a walk is going to look at next; undefined: they are on their way. */
  readonly #ahead = new Map<string, LoadedGrants | undefined>();
  #needed: Need | undefined;
  #isRetried = false;

  constructor(all: ListedOrganizations) {
    this.#all = all;
  }

  get size(): number {
    return this.#all.size;
  }

  has(name: string): boolean {
    return this.#all.has(name);
  }

  keys(): MapIterator<string> {
    return this.#all.keys();
  }

  begin(): void {
    this.#walk = 0;
    if (!this.#isRetried) {
      this.#walks = [];
      this.#found.clear();
    }
    this.#isRetried = false;
  }

  /** What has been found out of memberships stays for as long as the question is worked at. */
  keep(): void {
    for (const [key, until] of this.#found) this.#memberships.set(key, until);
    this.#found.clear();
  }

  /** The organization whose shard the last attempt needs. */
  get needed(): string | undefined {
    return this.#needed?.name;
  }

  /** Takes the shard that the last attempt needs. */
  supply(grants: LoadedGrants): void {
    const needed = this.#needed;
    if (needed === undefined) return;
    this.#needed = undefined;
    if (needed.isPinned) this.#pins.set(needed.name, grants);
    else this.#visited = { name: needed.name, grants };
  }

  /** Loads what the last attempt needed. Rejects with SG3004, or with the signal's reason. */
  async load(patience: Patience): Promise<void> {
    if (this.#needed === undefined) return;
    const { name, stays } = this.#needed;
    if (!stays) this.#lookAhead(name);
    this.supply(await this.#all.loader.load(this.#wanted(name, stays), patience));
  }

  /** Has the organizations after one that is visited loaded as well: whoever looks at one of many is going to look at these. */
  #lookAhead(name: string): void {
    const { loader, names } = this.#all;
    const next = firstAfter(names, name);
    const coming = new Set(names.slice(next, next + AHEAD));
    for (const passed of this.#ahead.keys()) if (!coming.has(passed)) this.#ahead.delete(passed);
    for (const wanted of coming) {
      if (this.#ahead.has(wanted)) continue;
      this.#ahead.set(wanted, undefined);
      loader.fetch(this.#wanted(wanted, false)).then(
        (grants) => {
          if (this.#ahead.has(wanted)) this.#ahead.set(wanted, grants);
        },
        // Whoever comes to it asks again, and is told.
        () => this.#ahead.delete(wanted),
      );
    }
  }

  #wanted(name: string, stays: boolean): WantedShard {
    return { domain: this.#all.domain, name, hash: this.#all.hashes.get(name)!, stays };
  }

  get(name: string): LoadedGrants | undefined {
    const pinned = this.#pins.get(name);
    if (pinned !== undefined) return pinned;
    const grants = this.#held(name);
    if (grants !== undefined) this.#pins.set(name, grants);
    else if (this.has(name)) this.#need({ name, isPinned: true, stays: true });
    return grants;
  }

  visit(name: string): LoadedGrants | undefined {
    return this.#look(name, false);
  }

  some(test: (grants: LoadedGrants) => boolean): boolean {
    const walk = this.#walk++;
    const { names } = this.#all;
    for (let at = this.#walks[walk] ?? 0; at < names.length; at++) {
      if (test(this.visit(names[at]!)!)) return true;
      this.#walks[walk] = at + 1;
    }
    return false;
  }

  memberUntil(name: string, bytes: Uint8Array, start: number, end: number, hash: number): number | undefined {
    if (!this.has(name)) return undefined;
    const key = `${name}/${Buffer.from(bytes.buffer, bytes.byteOffset).toString("utf8", start, end)}`;
    const known = this.#memberships.has(key) ? this.#memberships : this.#found;
    if (known.has(key)) return known.get(key);
    const grants = this.#look(name, true)!;
    const until = grants.memberUntil(grants.findSubject(bytes, start, end, hash));
    this.#found.set(key, until);
    return until;
  }

  values(): never {
    throw notAtOnce();
  }

  entries(): never {
    throw notAtOnce();
  }

  forEach(): never {
    throw notAtOnce();
  }

  [Symbol.iterator](): never {
    throw notAtOnce();
  }

  #held(name: string): LoadedGrants | undefined {
    const pinned = this.#pins.get(name);
    if (pinned !== undefined) return pinned;
    if (this.#visited?.name === name) return this.#visited.grants;
    const hash = this.#all.hashes.get(name);
    if (hash === undefined) return undefined;
    return this.#ahead.get(name) ?? this.#all.loader.resident(hash);
  }

  /** A look at an organization among others. @param stays whether it is likely to be asked about again */
  #look(name: string, stays: boolean): LoadedGrants | undefined {
    const grants = this.#held(name);
    if (grants !== undefined) this.#visited = { name, grants };
    else if (this.has(name)) this.#need({ name, isPinned: false, stays });
    return grants;
  }

  #need(need: Need): never {
    const { name } = need;
    // Who goes on without loading would never end.
    if (this.#needed?.name === name) throw new Error(`The shard of organization "${name}" was not awaited`);
    this.#needed = need;
    this.#isRetried = true;
    throw new ShardNeeded(name);
  }
}

/** Where the first name after another one stands. @param names in order */
function firstAfter(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (names[middle]! <= name) low = middle + 1;
    else high = middle;
  }
  return low;
}
