import type { Kind } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import type { Policy } from "../policy/policy.ts";

/** How much a finding weighs: a warning is a mistake more often than not, a note is worth knowing. */
export type Severity = "error" | "warning" | "note";

/** What a rule says about an object. */
export interface LintFinding {
  readonly kind: Kind;
  readonly name: string;
  /** The field, for example "spec.rules[0].resources". */
  readonly field: string;
  /** A sentence without full stop: what happens. */
  readonly message: string;
}

/** What rules may ask beside the objects. */
export interface LintFacts {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The policy compiled from the objects; undefined: nobody compiled it. */
  readonly policy: () => Policy | undefined;
}

/** One trap that objects can be valid and fall into. */
export interface LintRule {
  /** In CamelCase; keeps its meaning for ever, since suppressions name it. */
  readonly name: string;
  readonly severity: Severity;
  /** What the rule finds and what that leads to, for the reference. A sentence. */
  readonly meaning: string;
  /** What to do about a finding. A sentence. */
  readonly remedy: string;
  /** Finds all cases in the objects of a domain, default bindings not among them. Pure. */
  readonly check: (world: World, facts: LintFacts) => Iterable<LintFinding>;
}
