import { type ApiError, badRequest, invalid } from "./api-error.ts";
import { findWrongType } from "./check-types.ts";
import { applyDefaults } from "./default.ts";
import type { KubeObject } from "./kube-object.ts";
import { isNamespaceType, labelNamespace } from "./namespaces.ts";
import { prune } from "./prune.ts";
import type { ResourceType } from "./resource-type.ts";
import { cause } from "./validate-metadata.ts";
import type { WriteOptions } from "./write-options.ts";

/**
 * Drops what the schema does not have and fills in its defaults, in place, as decoding does in the real server. Throws
 * 400 for wrong types of kinds that are built in, 400 and 422 for unknown fields in strict mode.
 *
 * @returns warnings for the client
 */
export function settleFields(type: ResourceType, body: KubeObject, options: WriteOptions): string[] {
  if (isNamespaceType(type)) labelNamespace(body);
  dropEmpty(body);
  if (type.schema === undefined) return [];
  if (type.custom) applyDefaults(body, type.schema);
  else checkTypes(type, body);
  const unknown = prune(body, type.schema).map((path) => `unknown field "${path}"`);
  if (unknown.length > 0 && options.fieldValidation === "Strict") {
    const text = `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: `;
    throw strictError(options, text, unknown.join(", "));
  }
  return options.fieldValidation === "Warn" ? unknown : [];
}

function checkTypes(type: ResourceType, body: KubeObject): void {
  const problem = findWrongType(body, type.schema, type.kind);
  if (problem === undefined) return;
  throw badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${problem}`,
  );
}

/** Patches answer 422, all else 400. */
function strictError(options: WriteOptions, text: string, unknown: string): ApiError {
  const problem = `strict decoding error: ${unknown}`;
  if (options.kind !== "PatchOptions") return badRequest(text + problem);
  return invalid("", "", "", [cause("FieldValueInvalid", "patch", `Invalid value: "": ${problem}`)]);
}

/** Empty lists and maps in metadata are not stored. */
function dropEmpty(object: KubeObject): void {
  const meta = object.metadata;
  for (const field of ["finalizers", "ownerReferences", "labels", "annotations"] as const) {
    const value = meta[field];
    if (value === null || (value !== undefined && Object.keys(value).length === 0)) delete meta[field];
  }
}
