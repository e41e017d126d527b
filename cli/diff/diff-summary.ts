import { type DiffEntry, isWidening } from "../../engine/diff/diff-entry.ts";
import type { UnlistedChange } from "../../engine/diff/unlisted-changes.ts";
import { isConditional } from "./group-rows.ts";

/** How much was gained and lost. */
export interface DiffSummary {
  readonly gained: number;
  readonly lost: number;
  readonly conditional: number;
  /** Whether anything may be allowed that was not. */
  readonly isWidened: boolean;
  readonly unlisted: readonly UnlistedChange[];
}

/** Counts entries as they pass. */
export class DiffCounter {
  #gained = 0;
  #lost = 0;
  #conditional = 0;
  #isWidened = false;

  *count(entries: Iterable<DiffEntry>): Generator<DiffEntry> {
    for (const entry of entries) {
      if (isConditional(entry)) this.#conditional++;
      else if (entry.after === "Always") this.#gained++;
      else this.#lost++;
      if (isWidening(entry)) this.#isWidened = true;
      yield entry;
    }
  }

  /** What was counted so far. */
  summary(unlisted: readonly UnlistedChange[]): DiffSummary {
    return {
      gained: this.#gained,
      lost: this.#lost,
      conditional: this.#conditional,
      isWidened: this.#isWidened || unlisted.some(({ mayWiden }) => mayWiden),
      unlisted,
    };
  }
}

/** The last lines for people. */
export function formatSummary({ gained, lost, conditional, isWidened, unlisted }: DiffSummary): string {
  const more = unlisted.map(({ kind, name, what, mayWiden }) => {
    const effect = mayWiden ? ", which may widen" : "";
    return `not in the list: ${kind} ${name} changes ${what}${effect}\n`;
  });
  const nothing = gained + lost + conditional + unlisted.length === 0;
  const effect = nothing ? "nothing changed" : isWidened ? "widened" : "not widened";
  return `${more.join("")}${gained} gained, ${lost} lost, ${conditional} conditional: ${effect}\n`;
}
