import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { CustomResourceDefinition } from "../engine/validate/custom-resource-definition.ts";

/**
 * Reads the CustomResourceDefinitions of all kinds from this folder, in the order of kustomization.yaml.
 *
 * @throws when the installation is incomplete: a file is missing or is no YAML
 */
export function readCrds(): readonly CustomResourceDefinition[] {
  const { resources } = readYaml("kustomization.yaml") as { resources: readonly string[] };
  return resources.map((file) => readYaml(file) as CustomResourceDefinition);
}

function readYaml(file: string): unknown {
  return parse(readFileSync(new URL(file, import.meta.url), "utf8"));
}
