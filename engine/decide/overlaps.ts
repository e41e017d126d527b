import type { LoadedConstraints } from "../policy/loaded-constraints.ts";

/**
 * Whether constraints may void one of the grants seen: only if two of them take part in the same constraint, or one alone may be
 * void. Most subjects have none, and then no unit needs to be gathered. Grants out of their windows count too, as a default
 * may yield to them.
 */
export class Overlaps {
  mayConflict = false;
  readonly #constraints: LoadedConstraints;
  // The voiding constraints that grants seen so far take part in.
  #sets = 0;

  constructor(constraints: LoadedConstraints) {
    this.#constraints = constraints;
  }

  /** Sees a grant of the role. */
  note(role: number): void {
    const sets = this.#constraints.setsOf(role);
    if (sets === 0) return;
    if ((this.#sets & sets) !== 0 || this.#constraints.needsCloserLook(role)) this.mayConflict = true;
    this.#sets |= sets;
  }
}
