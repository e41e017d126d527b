import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SidegateObject } from "../engine/model/objects.generated.ts";
import { generateModel, generateOrganization } from "./generate-world.ts";
import { organizationName, type WorldSize } from "./world-plan.ts";

/** Writes a generated domain as people keep manifests: YAML, a file for each organization. Returns the number of objects. */
export function writeWorld(folder: string, size: WorldSize): number {
  mkdirSync(folder);
  let objects = write(join(folder, "model.yaml"), [...generateModel()]);
  for (let organization = 0; organization < size.organizations; organization++) {
    objects += write(organizationFile(folder, organization), [...generateOrganization(size, organization)]);
  }
  return objects;
}

/** The file that holds an organization with all in it. */
export function organizationFile(folder: string, organization: number): string {
  return join(folder, `${organizationName(organization)}.yaml`);
}

function write(path: string, objects: readonly SidegateObject[]): number {
  writeFileSync(path, objects.map((object) => toYaml(object)).join("---\n"));
  return objects.length;
}

/** Block style, as people write it. Faster than a library, which would take most of the benchmark's time. */
function toYaml(value: unknown, indent = ""): string {
  if (Array.isArray(value)) {
    return value.map((item) => `${indent}- ${toYaml(item, `${indent}  `).trimStart()}`).join("");
  }
  if (typeof value !== "object" || value === null) return `${JSON.stringify(value)}\n`;
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `${indent}${key}:${isNested(field) ? "\n" : " "}${toYamlField(field, indent)}`)
    .join("");
}

function toYamlField(field: unknown, indent: string): string {
  if (!isNested(field))
    return typeof field === "string" && PLAIN.test(field) ? `${field}\n` : `${JSON.stringify(field)}\n`;
  return toYaml(field, `${indent}  `);
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** Strings that need no quotes and are no other type. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-zA-Z][-\w/@.]*$/i;
