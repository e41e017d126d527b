import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { CustomResourceDefinition } from "../engine/validate/custom-resource-definition.ts";

/** The definitions that policies are not made of: what the operator writes for itself. */
const OPERATORS_OWN: readonly string[] = ["delivery-report.yaml"];

/**
 * Reads the CustomResourceDefinitions of all kinds that policies are made of from this folder, in the order of
 * kustomization.yaml.
 *
 * @throws when the installation is incomplete: a file is missing or is no YAML
 */
export function readCrds(): readonly CustomResourceDefinition[] {
  const { resources } = readYaml("kustomization.yaml") as { resources: readonly string[] };
  return readAll(resources.filter((file) => !OPERATORS_OWN.includes(file)));
}

/** Reads the definitions of what the operator writes for itself. @throws like readCrds */
export function readOperatorsCrds(): readonly CustomResourceDefinition[] {
  return readAll(OPERATORS_OWN);
}

function readAll(files: readonly string[]): readonly CustomResourceDefinition[] {
  return files.map((file) => readYaml(file) as CustomResourceDefinition);
}

function readYaml(file: string): unknown {
  return parse(readFileSync(new URL(file, import.meta.url), "utf8"));
}
