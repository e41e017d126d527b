import type { JsonSchema } from "./custom-resource-definition.ts";
import { type ProblemList, quote } from "./manifest-problem.ts";

/** Reports the entries of a list of type set or map that stand in it already. */
export function checkUniqueness(
  schema: JsonSchema,
  list: readonly unknown[],
  path: string,
  problems: ProblemList,
): void {
  const type = schema["x-kubernetes-list-type"];
  if (list.length < 2 || (type !== "set" && type !== "map")) return;
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const first = new Map<unknown, number>();
  for (let index = 0; index < list.length; index++) {
    const entry = list[index];
    const identity = type === "set" ? entry : identityOf(entry, keys);
    if (identity === undefined) continue;
    const seen = first.get(identity);
    if (seen === undefined) {
      first.set(identity, index);
    } else {
      const name = type === "set" ? quote(entry) : describeEntry(entry, keys);
      problems.add(
        "SG1005",
        `${path}[${index}]`,
        `${name} stands in the list already, at [${seen}]`,
        "remove one of them",
      );
    }
    if (problems.full) return;
  }
}

/** The keys of an entry as one text, or undefined where the entry is broken, which has been reported. */
function identityOf(entry: unknown, keys: readonly string[]): string | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  return JSON.stringify(keys.map((key) => (entry as Record<string, unknown>)[key] ?? null));
}

function describeEntry(entry: unknown, keys: readonly string[]): string {
  return keys.map((key) => `${key} ${quote((entry as Record<string, unknown>)[key])}`).join(", ");
}
