/**
 * The part of JSON Schema (2020-12) that case.schema.json uses, so that reading case files needs no further package and
 * problems are said as this project says them. A keyword beyond it is a defect of the schema and throws when it is compiled.
 */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "boolean";
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: "date-time";
  readonly minLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | JsonSchema;
  /** At least one holds. */
  readonly anyOf?: readonly JsonSchema[];
  /** Exactly one holds. */
  readonly oneOf?: readonly JsonSchema[];
}

export interface CompiledSchema {
  readonly root: JsonSchema;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

const described: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$defs",
  "title",
  "description",
  "default",
]);
const understood: ReadonlySet<string> = new Set([
  ...["$ref", "type", "const", "enum", "pattern", "format", "minLength", "minimum", "minItems", "items"],
  ...["properties", "required", "additionalProperties", "anyOf", "oneOf"],
]);

/** @throws Error where the schema has a keyword that `checkAgainst` would not heed */
export function compileJsonSchema(
  schema: JsonSchema & { readonly $defs?: CompiledSchema["definitions"] },
): CompiledSchema {
  refuseUnknown(schema, "#");
  for (const [name, definition] of Object.entries(schema.$defs ?? {}))
    refuseUnknown(definition, `#/$defs/${name}`);
  return { root: schema, definitions: schema.$defs ?? {} };
}

function refuseUnknown(schema: JsonSchema, place: string): void {
  const strange = Object.keys(schema).find((keyword) => !described.has(keyword) && !understood.has(keyword));
  if (strange !== undefined) throw new Error(`${place} has the keyword ${strange}`);
  const { items, properties = {}, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const children = [
    ...Object.values(properties),
    ...anyOf,
    ...oneOf,
    items,
    additionalProperties || undefined,
  ];
  for (const child of children) if (child !== undefined) refuseUnknown(child, place);
}

/** What does not fit, each a path and a sentence such as `cases[2].want has no disclosure`; empty: all fits. */
export function checkAgainst(schema: CompiledSchema, value: unknown): string[] {
  const problems = new Checker(schema.definitions).check(schema.root, value, "");
  return problems.map(({ path, what }) => `${path === "" ? "the document" : path} ${what}`);
}

interface Problem {
  readonly path: string;
  readonly what: string;
  /** How much it speaks for another choice having been meant: a wrong type most, then a wrong value, else something. */
  readonly weight: 100 | 10 | 1;
}

class Checker {
  readonly #definitions: CompiledSchema["definitions"];

  constructor(definitions: CompiledSchema["definitions"]) {
    this.#definitions = definitions;
  }

  check(schema: JsonSchema, value: unknown, path: string): Problem[] {
    const target =
      schema.$ref === undefined ? undefined : this.#definitions[schema.$ref.slice("#/$defs/".length)];
    if (target !== undefined) return this.check(target, value, path);
    const { type, anyOf, oneOf } = schema;
    if (type !== undefined && !hasType(type, value)) return [{ path, what: `is no ${type}`, weight: 100 }];
    return [
      ...checkScalar(schema, value, path),
      ...(Array.isArray(value) ? this.#checkList(schema, value, path) : []),
      ...(isObject(value) ? this.#checkMembers(schema, value, path) : []),
      ...(anyOf === undefined ? [] : this.#checkChoice(anyOf, false, value, path)),
      ...(oneOf === undefined ? [] : this.#checkChoice(oneOf, true, value, path)),
    ];
  }

  #checkList({ items, minItems = 0 }: JsonSchema, value: readonly unknown[], path: string): Problem[] {
    const few = value.length < minItems ? [misshapen(path, `has fewer than ${minItems} entries`)] : [];
    if (items === undefined) return few;
    return [...few, ...value.flatMap((entry, index) => this.check(items, entry, `${path}[${index}]`))];
  }

  #checkMembers(schema: JsonSchema, value: Members, path: string): Problem[] {
    const { properties = {}, required = [], additionalProperties } = schema;
    const missing = required.filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name) => misshapen(path, `has no ${name}`)),
      ...Object.entries(value).flatMap(([name, member]) => {
        const child = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
        if (child === undefined) return [];
        const below = path === "" ? name : `${path}.${name}`;
        return child === false ? [misshapen(below, "is not known")] : this.check(child, member, below);
      }),
    ];
  }

  /** Where none fits, what the one says that most likely was meant. */
  #checkChoice(
    choices: readonly JsonSchema[],
    isExclusive: boolean,
    value: unknown,
    path: string,
  ): Problem[] {
    const results = choices.map((choice) => this.check(choice, value, path));
    const fitting = results.filter((problems) => problems.length === 0).length;
    if (fitting === 1 || (fitting > 1 && !isExclusive)) return [];
    if (fitting > 1) return [misshapen(path, "has two forms at once")];
    // A choice that has all that it requires was meant rather than one that lacks something.
    const meant = results.filter((_, index) => isMeant(choices[index] as JsonSchema, value));
    return (meant.length > 0 ? meant : results).reduce((least, problems) =>
      weightOf(problems) < weightOf(least) ? problems : least,
    );
  }
}

function isMeant({ required }: JsonSchema, value: unknown): boolean {
  return required !== undefined && isObject(value) && required.every((name) => Object.hasOwn(value, name));
}

function weightOf(problems: readonly Problem[]): number {
  return problems.reduce((sum, { weight }) => sum + weight, 0);
}

function misshapen(path: string, what: string): Problem {
  return { path, what, weight: 1 };
}

type Members = Readonly<Record<string, unknown>>;

function checkScalar(schema: JsonSchema, value: unknown, path: string): Problem[] {
  const { const: only, enum: allowed, pattern, format, minLength = 0, minimum } = schema;
  const whats: string[] = [];
  if (only !== undefined && value !== only) whats.push(`is not ${only}`);
  if (allowed !== undefined && !allowed.includes(value)) whats.push(`is none of ${allowed.join(", ")}`);
  if (typeof value === "string") {
    if (value.length < minLength) whats.push("is empty");
    if (pattern !== undefined && !new RegExp(pattern, "u").test(value))
      whats.push(`is not written as ${pattern}`);
    if (format === "date-time" && !isInstant(value)) whats.push("is no instant such as 2026-03-01T12:00:00Z");
  }
  if (typeof value === "number" && minimum !== undefined && value < minimum)
    whats.push(`is less than ${minimum}`);
  return whats.map((what) => ({ path, what, weight: 10 }));
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasType(type: string, value: unknown): boolean {
  if (type === "object") return isObject(value);
  if (type === "array") return Array.isArray(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}
