import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isObject, type JsonObject, objectIn } from "./json.ts";
import type { PrinterColumn, ResourceType } from "./resource-type.ts";

/** The resource types that the CustomResourceDefinitions in a folder declare, one per served version. */
export function loadCrds(folder: string): ResourceType[] {
  const types: ResourceType[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!/\.ya?ml$/.test(file)) continue;
    for (const document of parseAllDocuments(readFileSync(join(folder, file), "utf8"))) {
      const manifest: unknown = document.toJS();
      if (isObject(manifest) && manifest.kind === "CustomResourceDefinition")
        types.push(...typesOf(manifest));
    }
  }
  return types;
}

/** The resource types of one CustomResourceDefinition. */
function typesOf(crd: JsonObject): ResourceType[] {
  const spec = objectIn(crd, "spec");
  const names = objectIn(spec, "names");
  const group = String(spec.group);
  const plural = String(names.plural);
  const kind = String(names.kind);
  const versions = Array.isArray(spec.versions) ? spec.versions.filter(isObject) : [];
  return versions
    .filter((version) => version.served === true)
    .map((version) => ({
      group,
      version: String(version.name),
      plural,
      singular: String(names.singular ?? kind.toLowerCase()),
      kind,
      listKind: String(names.listKind ?? `${kind}List`),
      shortNames: (names.shortNames ?? []) as string[],
      categories: (names.categories ?? []) as string[],
      namespaced: spec.scope === "Namespaced",
      hasStatus: isObject(objectIn(version, "subresources").status),
      custom: true,
      schema: objectIn(objectIn(version, "schema"), "openAPIV3Schema"),
      columns: (version.additionalPrinterColumns ?? []) as PrinterColumn[],
      selectable: selectableOf(version),
      createOnUpdate: false,
      unconditionalUpdate: false,
      storage: `${group}/${plural}`,
    }));
}

function selectableOf(version: JsonObject): string[] {
  const fields = Array.isArray(version.selectableFields) ? version.selectableFields.filter(isObject) : [];
  return fields.map(({ jsonPath }) => String(jsonPath));
}
