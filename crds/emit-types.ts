import type { CustomResourceDefinition, JsonSchema } from "../engine/validate/custom-resource-definition.ts";
import { objectMetaSource } from "./object-meta-source.ts";

const LINE_WIDTH = 110;

interface SharedShape {
  readonly name: string;
  readonly doc: string;
  readonly kind: string;
  readonly path: string;
}

/** Shapes that stand in several places: each has one name wherever it appears. The first place is where it is read. */
const sharedShapes: readonly SharedShape[] = [
  {
    name: "Condition",
    doc: "One aspect of an object's state, in the form that all Kubernetes tools read.",
    kind: "Organization",
    path: "status.conditions[]",
  },
  { name: "CommonStatus", doc: "The status of most kinds.", kind: "Organization", path: "status" },
  {
    name: "ScopeReference",
    doc: "A scope by kind and name.",
    kind: "AccessRoleBinding",
    path: "spec.scope",
  },
  {
    name: "SubjectReference",
    doc: "Anything that a role can be given to.",
    kind: "AccessRoleBinding",
    path: "spec.subjects[]",
  },
  {
    name: "PrincipalReference",
    doc: "A subject that acts: a person or a program.",
    kind: "Membership",
    path: "spec.subject",
  },
];

/**
 * Writes the TypeScript types of all kinds, as the text of engine/model/objects.generated.ts. The same definitions in the
 * same order give the same text.
 *
 * @throws when two shapes would get one name
 */
export function emitTypes(crds: readonly CustomResourceDefinition[]): string {
  const emitter = new TypeEmitter();
  for (const { name, doc, kind, path } of sharedShapes) {
    emitter.declare(name, { ...schemaAt(crds, kind, path), description: doc });
  }
  const kinds = crds.map((crd) => crd.spec.names.kind);
  const first = crds[0];
  if (first === undefined) throw new Error("There are no CustomResourceDefinitions to make types from");
  const apiVersion = `${first.spec.group}/${storedVersion(first).name}`;
  const objects = crds.map((crd) => emitObject(emitter, crd));
  return [
    "// Made by `node crds/generate-types.ts` from crds/*.yaml; edit these instead.",
    `export const apiGroup = ${JSON.stringify(first.spec.group)};`,
    `export const apiVersion = ${JSON.stringify(apiVersion)};`,
    constantList("/** All kinds, those first that others refer to. */", "kinds", kinds),
    constantRecord(
      "/** The plural of each kind, as it stands in the paths of the API. */",
      "plurals",
      "string",
      crds,
      (crd) => JSON.stringify(crd.spec.names.plural),
    ),
    constantRecord(
      "/** The short names of each kind that kubectl knows. */",
      "shortNames",
      "readonly string[]",
      crds,
      (crd) => list(crd.spec.names.shortNames),
    ),
    union("/** An object of any kind. */", "SidegateObject", kinds),
    'export type Kind = SidegateObject["kind"];',
    "/** The object type of a kind. */\nexport type ObjectOf<K extends Kind> = Extract<SidegateObject, { kind: K }>;",
    objectMetaSource,
    ...emitter.declarations,
    ...objects,
  ]
    .join("\n\n")
    .concat("\n");
}

function emitObject(emitter: TypeEmitter, crd: CustomResourceDefinition): string {
  const kind = crd.spec.names.kind;
  const schema = storedVersion(crd).schema.openAPIV3Schema;
  const lines = [...comment(schema.description, ""), `export interface ${kind} {`];
  lines.push(
    "  readonly apiVersion: typeof apiVersion;",
    `  readonly kind: "${kind}";`,
    "  readonly metadata: ObjectMeta;",
  );
  lines.push(...emitter.members(schema, (property) => kind + pascal(property)), "}");
  return lines.join("\n");
}

class TypeEmitter {
  readonly declarations: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The lines of the members of an object type. `nameOf` names the types of properties that are objects themselves. */
  members(schema: JsonSchema, nameOf: (property: string) => string): string[] {
    const required = new Set(schema.required ?? []);
    return Object.entries(schema.properties ?? {}).flatMap(([property, child]) => [
      ...comment(describe(child), "  "),
      ...member(
        `  readonly ${property}${required.has(property) ? "" : "?"}: `,
        this.#type(child, nameOf(property)),
      ),
    ]);
  }

  #type(schema: JsonSchema, name: string): readonly string[] {
    if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value));
    switch (schema.type) {
      case "string":
        return ["string"];
      case "boolean":
        return ["boolean"];
      case "integer":
      case "number":
        return ["number"];
      case "array": {
        const items = this.#type(schema.items ?? {}, singular(name));
        return [`readonly ${items.length > 1 ? `(${items.join(" | ")})` : items[0]}[]`];
      }
      default:
        if (schema.additionalProperties !== undefined) {
          return [`Readonly<Record<string, ${this.#type(schema.additionalProperties, name).join(" | ")}>>`];
        }
        return [this.#nameOf(name, schema)];
    }
  }

  #nameOf(name: string, schema: JsonSchema): string {
    return this.#names.get(shapeOf(schema)) ?? this.declare(name, schema);
  }

  /** Gives a shape its name, which it has from then on wherever it appears. */
  declare(name: string, schema: JsonSchema): string {
    if (this.#taken.has(name)) throw new Error(`Two shapes would be named ${name}: add one to sharedShapes`);
    this.#taken.add(name);
    this.#names.set(shapeOf(schema), name);
    // Members that are objects are declared first, so that a type stands before the types that it is used in.
    const members = this.members(schema, (property) => name.replace(/(Spec|Status)$/, "") + pascal(property));
    this.declarations.push(
      [...comment(schema.description, ""), `export interface ${name} {`, ...members, "}"].join("\n"),
    );
    return name;
  }
}

/** The schema of the stored version at a path such as "spec.subjects[]". */
function schemaAt(crds: readonly CustomResourceDefinition[], kind: string, path: string): JsonSchema {
  const crd = crds.find((candidate) => candidate.spec.names.kind === kind);
  let schema = crd && storedVersion(crd).schema.openAPIV3Schema;
  for (const step of path.split(".")) {
    schema = schema?.properties?.[step.replace("[]", "")];
    if (step.endsWith("[]")) schema = schema?.items;
  }
  if (schema === undefined) throw new Error(`${kind} has no field ${path}`);
  return schema;
}

function storedVersion(crd: CustomResourceDefinition) {
  const version = crd.spec.versions.find((candidate) => candidate.storage);
  if (version === undefined) throw new Error(`${crd.metadata.name} has no stored version`);
  return version;
}

/** Two schemas have the same shape when they differ in descriptions only. */
function shapeOf(schema: JsonSchema): string {
  return JSON.stringify(schema, (key, value) =>
    key === "description" && typeof value === "string" ? undefined : value,
  );
}

function describe(schema: JsonSchema): string | undefined {
  if (schema.default === undefined) return schema.description;
  return `${schema.description ?? ""} Default: ${JSON.stringify(schema.default)}.`;
}

function comment(text: string | undefined, indent: string): string[] {
  if (text === undefined) return [];
  const oneLine = `${indent}/** ${text} */`;
  if (oneLine.length <= LINE_WIDTH) return [oneLine];
  const lines: string[] = [];
  let line = `${indent} *`;
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = `${indent} *`;
    }
    line += ` ${word}`;
  }
  return [`${indent}/**`, ...lines, line, `${indent} */`];
}

/** One member, on as many lines as the formatter wants for it. */
function member(start: string, alternatives: readonly string[]): string[] {
  const oneLine = `${start}${alternatives.join(" | ")};`;
  if (oneLine.length <= LINE_WIDTH) return [oneLine];
  return [start.trimEnd(), ...alternatives.map((alternative) => `    | ${alternative}`)].map((line, index) =>
    index === alternatives.length ? `${line};` : line,
  );
}

function union(doc: string, name: string, alternatives: readonly string[]): string {
  return `${doc}\nexport type ${name} =\n${alternatives.map((alternative) => `  | ${alternative}`).join("\n")};`;
}

function constantList(doc: string, name: string, values: readonly string[]): string {
  const lines = values.map((value) => `  ${JSON.stringify(value)},`);
  return `${doc}\nexport const ${name}: readonly Kind[] = [\n${lines.join("\n")}\n];`;
}

function constantRecord(
  doc: string,
  name: string,
  type: string,
  crds: readonly CustomResourceDefinition[],
  write: (crd: CustomResourceDefinition) => string,
): string {
  const lines = crds.map((crd) => `  ${crd.spec.names.kind}: ${write(crd)},`);
  return `${doc}\nexport const ${name}: Readonly<Record<Kind, ${type}>> = {\n${lines.join("\n")}\n};`;
}

function list(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
}

function pascal(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function singular(word: string): string {
  return word.endsWith("s") ? word.slice(0, -1) : word;
}
