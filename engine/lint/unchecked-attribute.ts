import { uncheckedAttributes } from "../condition/unchecked-attributes.ts";
import type { LintFinding, LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";

/** A condition that takes an attribute for granted. */
export const uncheckedAttribute: LintRule = {
  name: "UncheckedAttribute",
  severity: "warning",
  meaning:
    "A condition uses an attribute without asking with has() whether it is there. Where it is not, the condition is an error: an Allow does not match then, and a Deny does.",
  remedy:
    "Ask for it first, as in `has(context.mfa) && context.mfa`, so that the condition says what is meant where it is missing.",
  *check(world) {
    for (const { metadata, spec } of world.listLive("AccessRole")) {
      for (const [index, { effect, when }] of (spec.rules ?? []).entries()) {
        const at = { kind: "AccessRole", name: metadata.name, field: `spec.rules[${index}].when` } as const;
        const then = effect === "Deny" ? "the rule denies" : "the rule allows nothing";
        yield* findingOf(at, when, then);
      }
    }
    for (const { metadata, spec } of world.listLive("AccessRoleBinding")) {
      const at = { kind: "AccessRoleBinding", name: metadata.name, field: "spec.when" } as const;
      yield* findingOf(at, spec.when, "the Allow rules of the role do not count and its Deny rules do");
    }
  },
};

function* findingOf(
  at: Omit<LintFinding, "message">,
  when: string | undefined,
  then: string,
): Iterable<LintFinding> {
  const attributes = when === undefined ? [] : uncheckedAttributes(when);
  if (attributes.length > 0) yield { ...at, message: `where ${listWords(attributes)} is missing, ${then}` };
}
