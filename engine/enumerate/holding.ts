/** How sure something is that a list tells of (semantics, section 11). */
export type Holding = AlwaysHeld | ConditionallyHeld;

/** A check of it is allowed, whatever the resource and the circumstances are. */
export interface AlwaysHeld {
  readonly certainty: "Always";
  /** The first instant at which it may no longer be so, in milliseconds since 1970; Infinity: there is none. */
  readonly until: number;
}

/** A check of it is allowed for some resources and circumstances. */
export interface ConditionallyHeld {
  readonly certainty: "Conditional";
  /** What it hangs on, each once, in the order in which the grants are found. */
  readonly dependsOn: readonly Dependency[];
}

export interface Dependency {
  /**
   * Names, Condition: what has to match, in Allow rules and bindings. DenyNames, DenyCondition: what must not. Group: an
   * asserted group. TokenAttribute: an attribute of the resource by which the token decides. Operator: a name of Kubernetes, in
   * which only the operator asks. More: how many are left out.
   */
  readonly kind:
    | "Names"
    | "Condition"
    | "DenyNames"
    | "DenyCondition"
    | "Group"
    | "TokenAttribute"
    | "Operator"
    | "More";
  readonly detail: string;
}

/** Dependencies that one result names. */
const MOST = 32;

/** Characters of a list of names; a rule may have half a million. */
const NAMES_LENGTH = 4096;

/** Gathers dependencies, each once. */
export class DependencyList {
  readonly #found = new Map<string, Dependency>();
  #more = 0;

  add(kind: Dependency["kind"], detail: string): void {
    const key = `${kind} ${detail}`;
    if (this.#found.has(key)) return;
    if (this.#found.size < MOST) this.#found.set(key, { kind, detail });
    else this.#more++;
  }

  addNames(kind: "Names" | "DenyNames", names: readonly string[]): void {
    if (names.length > 0) this.add(kind, joinNames(names));
  }

  list(): readonly Dependency[] {
    const found = [...this.#found.values()];
    if (this.#more > 0) found.push({ kind: "More", detail: `${this.#more} more` });
    return found;
  }
}

function joinNames(names: readonly string[]): string {
  let text = "";
  for (const [index, name] of names.entries()) {
    if (text.length + name.length > NAMES_LENGTH) return `${text}, ${names.length - index} more`;
    text += index === 0 ? name : `, ${name}`;
  }
  return text;
}
