import type { DiffEntry } from "../diff/diff-entry.ts";
import { quote } from "../model/quote.ts";

/** Counts who gains and loses how much, and keeps a few to tell in full. */
export class ChangeCounter {
  readonly #gains = new Tally();
  readonly #losses = new Tally();

  add(entry: DiffEntry): void {
    const { before, after, conditions } = entry;
    const isGain = RANK[after] > RANK[before] || conditions === "Other";
    (isGain ? this.#gains : this.#losses).add(entry);
  }

  /** Sentences without full stop, at most two. */
  describe(): string[] {
    const parts = [this.#gains.describe("gain"), this.#losses.describe("lose")].filter((text) => text !== "");
    return parts.length === 0 ? ["nobody gains or loses a permission at once"] : parts;
  }
}

const RANK: Readonly<Record<DiffEntry["before"], number>> = { None: 0, Conditional: 1, Always: 2 };

class Tally {
  #count = 0;
  #first: DiffEntry | undefined;
  readonly #subjects = new Set<string>();
  readonly #scopes = new Set<string>();

  add(entry: DiffEntry): void {
    this.#count++;
    this.#first ??= entry;
    this.#subjects.add(`${entry.subject.kind}/${entry.subject.name}`);
    this.#scopes.add(entry.scope);
  }

  describe(verb: "gain" | "lose"): string {
    const first = this.#first;
    if (first === undefined) return "";
    const who = `${first.subject.kind} ${quote(first.subject.name)}`;
    const isOne = this.#subjects.size === 1;
    const does = isOne ? `${who} ${verb}s` : `${this.#subjects.size} subjects ${verb}`;
    const what = this.#count === 1 ? describePermission(first) : `${this.#count} permissions`;
    const [scope] = this.#scopes;
    return `${does} ${what} at ${this.#scopes.size === 1 ? scope : `${this.#scopes.size} scopes`}`;
  }
}

function describePermission({ permission, after, before, conditions }: DiffEntry): string {
  const isPartial = conditions !== undefined || after === "Conditional" || before === "Conditional";
  return isPartial ? `${permission} in part` : permission;
}
