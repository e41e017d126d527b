import { stringify } from "yaml";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";

/** Shows the objects of a case, one in a line, and then facts about it, as YAML. */
export function showCase(
  objects: readonly SidegateObject[],
  facts: Readonly<Record<string, unknown>>,
): string {
  const lines = objects.map(({ kind, metadata: { namespace: _, ...metadata }, spec }) => {
    return `- ${oneLine({ kind, metadata, spec })}`;
  });
  const factLines = Object.entries(facts).map(([name, value]) => `${name}: ${oneLine(value)}`);
  return ["objects:", ...lines, ...factLines].join("\n");
}

function oneLine(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: false }).trim();
}
