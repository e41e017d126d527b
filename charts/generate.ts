/**
 * Generates what the chart holds twice: `node charts/generate.ts`. test/chart proves that the committed files are fresh.
 * charts/kustomize is rendered by Helm: `make chart`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readChartValues } from "./read-values.ts";
import { valuesPage } from "./values-page.ts";
import { valuesSchema } from "./values-schema.ts";

const root = join(import.meta.dirname, "..");

/** All generated files, path below the project's folder to content. */
export function generate(): Map<string, string> {
  const values = readChartValues(readFileSync(join(root, "charts/sidegate/values.yaml"), "utf8"));
  const crds = readdirSync(join(root, "crds")).filter(
    (name) => name.endsWith(".yaml") && name !== "kustomization.yaml",
  );
  return new Map([
    ["charts/sidegate/values.schema.json", `${JSON.stringify(valuesSchema(values), undefined, 2)}\n`],
    ["docs/reference/values.md", valuesPage(values)],
    // Helm reads no file outside of the chart.
    ...crds
      .toSorted()
      .map(
        (name) =>
          [`charts/sidegate/files/crds/${name}`, readFileSync(join(root, "crds", name), "utf8")] as const,
      ),
  ]);
}

if (import.meta.main) {
  for (const [path, content] of generate()) writeFileSync(join(root, path), content);
}
