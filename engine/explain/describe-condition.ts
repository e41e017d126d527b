import type { Condition } from "../condition/condition.ts";
import type { ConditionFacts } from "../condition/condition-facts.ts";
import { selectionsIn } from "../condition/selections.ts";
import { quote } from "../model/quote.ts";
import type { Case } from "./case.ts";

/** Values that are told of, and characters of each. */
const VALUES = 8;
const LENGTH = 80;

/** What a condition came to and on what values; values of claims are never told. */
export function describeCondition(
  condition: Condition,
  { facts, conditions }: Pick<Case, "facts" | "conditions">,
): string {
  const result = conditions.evaluate(condition);
  const outcome = typeof result === "boolean" ? `is ${result}` : `is an error (${result.error})`;
  const values = selectionsIn(condition.source)
    .slice(0, VALUES)
    .flatMap((path) => describeValue(path, facts));
  return `${quote(condition.source)} ${outcome}${values.length === 0 ? "" : `: ${values.join(", ")}`}`;
}

function describeValue(path: readonly string[], facts: ConditionFacts): string[] {
  const name = path.join(".");
  if (path[0] === "token") return [];
  if (path[0] === "now") return [`now is ${new Date(facts.now).toISOString()}`];
  let value: unknown = facts;
  for (const key of path)
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined;
  if (value === undefined) return [`${name} is absent`];
  const text = JSON.stringify(value);
  return [`${name} is ${text.length > LENGTH ? `${text.slice(0, LENGTH)}...` : text}`];
}
