import { Environment } from "@marcbachmann/cel-js";
import type { JsonSchema, ValidationRule } from "./custom-resource-definition.ts";

/** A schema made ready for walking: look-ups instead of lists, patterns and rules compiled. */
export interface SchemaNode {
  readonly schema: JsonSchema;
  readonly properties: ReadonlyMap<string, SchemaNode>;
  readonly required: readonly string[];
  /** The properties that have a default. */
  readonly defaults: readonly (readonly [name: string, node: SchemaNode])[];
  readonly items: SchemaNode | undefined;
  readonly additional: SchemaNode | undefined;
  readonly values: ReadonlySet<unknown> | undefined;
  readonly pattern: RegExp | undefined;
  readonly rules: readonly CompiledRule[];
  /** Whether this node or one below has rules, so that the others need no visit. */
  readonly hasRules: boolean;
  /** The properties that have rules or hold some below. */
  readonly ruled: readonly (readonly [name: string, node: SchemaNode])[];
  /** Whether values hold integers, instants or maps, which CEL knows by other types than JSON. */
  readonly needsConversion: boolean;
  /** The properties that need conversion. */
  readonly converted: readonly (readonly [name: string, node: SchemaNode])[];
}

/** A rule that can be asked. */
export interface CompiledRule extends ValidationRule {
  /** Whether it is about a change, so that it is asked only where there was an object before. */
  readonly isTransition: boolean;
  /** @throws where the evaluation fails, which counts as broken */
  readonly holds: (variables: { readonly self: unknown; readonly oldSelf: unknown }) => unknown;
}

const understood: ReadonlySet<string> = new Set([
  ...[
    "type",
    "description",
    "format",
    "default",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
  ],
  ...["minItems", "maxItems", "maxProperties", "required", "properties", "additionalProperties", "items"],
  ...[
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
  ],
]);
const formats: ReadonlySet<string> = new Set(["date-time", "int32", "int64"]);

const environment = new Environment({ unlistedVariablesAreDyn: false })
  .registerVariable("self", "dyn")
  .registerVariable("oldSelf", "dyn");

/**
 * Compiles a structural schema.
 *
 * @param path where the schema stands, for messages
 * @throws when it uses a keyword, a format or a rule that offline validation would not treat as the API server does.
 *   That is a defect of the schema, which shows at once, and not a problem of a manifest.
 */
export function compileSchema(schema: JsonSchema, path: string, correlated = true): SchemaNode {
  for (const keyword of Object.keys(schema))
    refuseUnless(understood.has(keyword), path, `keyword ${keyword}`);
  refuseUnless(schema.format === undefined || formats.has(schema.format), path, `format ${schema.format}`);
  const properties = new Map<string, SchemaNode>();
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    properties.set(name, compileSchema(child, `${path}.${name}`, correlated));
  }
  // Kubernetes finds the old entry of a list by its keys. No rule of ours asks for it, so that is left out here.
  const items = schema.items && compileSchema(schema.items, `${path}[]`, false);
  const additional =
    schema.additionalProperties && compileSchema(schema.additionalProperties, `${path}{}`, correlated);
  const rules = (schema["x-kubernetes-validations"] ?? []).map((rule) => compileRule(rule, path, correlated));
  const children = [...properties.values(), ...(items ? [items] : []), ...(additional ? [additional] : [])];
  return {
    schema,
    properties,
    required: schema.required ?? [],
    defaults: [...properties].filter(([, child]) => child.schema.default !== undefined),
    items,
    additional,
    values: schema.enum && new Set(schema.enum),
    pattern: schema.pattern === undefined ? undefined : new RegExp(schema.pattern, "u"),
    rules,
    hasRules: rules.length > 0 || children.some((child) => child.hasRules),
    ruled: [...properties].filter(([, child]) => child.hasRules),
    converted: [...properties].filter(([, child]) => child.needsConversion),
    needsConversion:
      schema.type === "integer" ||
      additional !== undefined ||
      schema.format === "date-time" ||
      children.some((child) => child.needsConversion),
  };
}

function compileRule(rule: ValidationRule, path: string, correlated: boolean): CompiledRule {
  const isTransition = /\boldSelf\b/.test(rule.rule);
  refuseUnless(correlated || !isTransition, path, "a rule about a change inside a list");
  // Kubernetes writes properties that are no CEL identifiers with such escapes, which are not undone here.
  refuseUnless(!rule.rule.includes("__"), path, "an escaped property name in a rule");
  const holds = environment.parse(rule.rule);
  const checked = holds.check();
  refuseUnless(checked.valid, path, `the rule ${rule.rule} (${checked.error?.message})`);
  const isBoolean = checked.type === "bool" || checked.type === "dyn";
  refuseUnless(isBoolean, path, `the rule ${rule.rule}, which is not boolean`);
  return { ...rule, isTransition, holds };
}

function refuseUnless(condition: boolean, path: string, what: string): void {
  if (!condition) throw new Error(`The schema at ${path} has what offline validation does not know: ${what}`);
}
