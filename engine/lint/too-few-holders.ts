import { findShortages } from "../delegate/min-holders.ts";
import type { LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";

/** A minimum of holders that the bindings do not reach. */
export const tooFewHolders: LintRule = {
  name: "TooFewHolders",
  severity: "warning",
  meaning:
    "Scopes have fewer lasting holders of a role than a minHolders constraint asks for. Bindings that end or begin later, have a condition, or name groups do not count, nor do members whose membership ends.",
  remedy: "Bind the role there to Users, without an end and a condition.",
  *check(world, { now }) {
    for (const constraint of world.listLive("AccessConstraint")) {
      const shortages = findShortages(world, constraint, now);
      const [first] = shortages;
      if (first === undefined) continue;
      const scopes = listWords(shortages.map(({ scope, holders }) => `${scope} (${holders})`));
      const message = `fewer than ${first.count} lasting holders of "${first.role}" at ${scopes}`;
      yield {
        kind: "AccessConstraint",
        name: constraint.metadata.name,
        field: "spec.minHolders.count",
        message,
      };
    }
  },
};
