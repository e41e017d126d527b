import { checkRules } from "../../engine/validate/check-rules.ts";
import { checkStructure } from "../../engine/validate/check-structure.ts";
import type { JsonSchema } from "../../engine/validate/custom-resource-definition.ts";
import { type ManifestProblem, ProblemList } from "../../engine/validate/manifest-problem.ts";
import { objectMetaSchema } from "../../engine/validate/object-meta-schema.ts";
import { compileSchema, type SchemaNode } from "../../engine/validate/schema-node.ts";
import type { Validator } from "./api.ts";
import type { StatusCause } from "./api-error.ts";
import type { JsonObject } from "./json.ts";

const nodes = new WeakMap<JsonObject, SchemaNode>();

/** Checks an object, its status included, by the schema and the CEL rules of its CustomResourceDefinition. */
export const validateBySchema: Validator = (type, object, previous) => {
  if (type.schema === undefined) return [];
  const node = nodeOf(type.schema, type.kind);
  const problems = new ProblemList("");
  const walk = { problems, characters: 0, blocked: false };
  const copy = checkStructure(node, object, "", walk);
  // Rules are asked of what has the right types only, as by the real server.
  if (!walk.blocked) checkRules(node, copy, previous, "", problems);
  return problems.all.map(causeOf);
};

function nodeOf(schema: JsonObject, kind: string): SchemaNode {
  let node = nodes.get(schema);
  if (node === undefined) {
    const root = schema as unknown as JsonSchema;
    const text: JsonSchema = { type: "string" };
    const properties = { ...root.properties, apiVersion: text, kind: text, metadata: objectMetaSchema };
    node = compileSchema({ ...root, properties }, kind);
    nodes.set(schema, node);
  }
  return node;
}

const reasons: Readonly<Partial<Record<string, string>>> = {
  SG1004: "FieldValueRequired",
  SG1005: "FieldValueDuplicate",
};
const openings: Readonly<Record<string, string>> = {
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
};

function causeOf({ code, path, message }: ManifestProblem): StatusCause {
  const reason = reasons[code] ?? "FieldValueInvalid";
  return { reason, message: `${openings[reason]}: ${message}`, field: path === "" ? "<nil>" : path };
}
