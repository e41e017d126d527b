import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parseAllDocuments } from "yaml";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type {
  CaseDocument,
  ManifestDocument,
  RequestDocument,
  Text,
  Texts,
  WantDocument,
  WorldDocument,
} from "./case-file.ts";
import type { GoldenCase, GoldenRequest, GoldenResult, GoldenWorld } from "./golden-case.ts";

const root = resolve(import.meta.dirname, "../..");

const schema = JSON.parse(readFileSync(join(import.meta.dirname, "case.schema.json"), "utf8"));
const isInstant = (text: string) =>
  /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
const hasFormat = new Ajv2020({
  allErrors: true,
  formats: { "date-time": isInstant },
}).compile<WorldDocument>(schema);

/** All case files of a folder, in order of name. */
export function loadCaseFolder(folder: string): GoldenWorld[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .toSorted()
    .flatMap((name) => loadCaseFile(join(folder, name)));
}

/**
 * Reads a case file.
 *
 * @throws Error where the file does not fit case.schema.json, a name is used twice, or `without` names nothing
 */
function loadCaseFile(path: string): GoldenWorld[] {
  const file = relative(root, path);
  const worlds = readYaml(path).map((document, index) => {
    if (hasFormat(document)) return readWorld(path, file, document);
    const problems = hasFormat.errors?.map((error) => `${error.instancePath} ${error.message}`).join("; ");
    throw new Error(`${file}, document ${index + 1}: ${problems}`);
  });
  refuseTwice(
    file,
    worlds.map(({ title }) => title),
  );
  return worlds;
}

function readWorld(path: string, file: string, document: WorldDocument): GoldenWorld {
  const inFolder = document.folder === undefined ? [] : manifestsOf(resolve(dirname(path), document.folder));
  const objects = merge(inFolder, document.objects ?? []);
  refuseTwice(
    `${file}, ${document.title}`,
    document.cases.map(({ name }) => name),
  );
  return {
    file,
    title: document.title,
    isValid: document.validate ?? true,
    objects,
    cases: document.cases.map((entry) => readCase(`${file}, ${entry.name}`, entry, objects, document.now)),
  };
}

function readCase(
  place: string,
  entry: CaseDocument,
  objects: readonly SidegateObject[],
  now: string,
): GoldenCase {
  const { says, request, want } = entry;
  return {
    name: entry.name,
    says: typeof says === "string" ? { words: says } : says,
    cell: entry.cell,
    objects: change(place, objects, entry),
    request: readRequest(request),
    now: Date.parse(request.at ?? now),
    want: readWant(want),
  };
}

function change(
  place: string,
  objects: readonly SidegateObject[],
  entry: CaseDocument,
): readonly SidegateObject[] {
  if (entry.with === undefined && entry.without === undefined) return objects;
  const without = new Set(entry.without);
  const kept = objects.filter((object) => !without.delete(`${object.kind}/${object.metadata.name}`));
  if (without.size > 0) throw new Error(`${place}: there is no ${[...without].join(", ")} to leave out`);
  return merge(kept, entry.with ?? []);
}

function merge(objects: readonly SidegateObject[], further: readonly ManifestDocument[]): SidegateObject[] {
  const merged = new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
  for (const manifest of further) {
    const object = { apiVersion: "sidegate.dev/v1alpha1", ...manifest };
    merged.set(`${manifest.kind}/${manifest.metadata.name}`, object as unknown as SidegateObject);
  }
  return [...merged.values()];
}

const folders = new Map<string, readonly SidegateObject[]>();

/** The manifests of a folder, not of the folders in it, as `kubectl apply -f` takes them. Each folder is read once. */
function manifestsOf(folder: string): readonly SidegateObject[] {
  const known = folders.get(folder) ?? readManifests(folder);
  folders.set(folder, known);
  return known;
}

function readManifests(folder: string): SidegateObject[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return files.toSorted().flatMap((name) => readYaml(join(folder, name)) as SidegateObject[]);
}

function readYaml(path: string): unknown[] {
  return parseAllDocuments(readFileSync(path, "utf8")).map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) throw new Error(`${relative(root, path)}: ${error.message}`);
    return document.toJS();
  });
}

function readRequest(request: RequestDocument): GoldenRequest {
  const { subject } = request;
  return {
    ...(typeof subject === "string"
      ? parseSubject(subject)
      : { subjectKind: subject.kind, subjectName: text(subject.name) }),
    groups: texts(request.groups),
    permission: text(request.permission),
    scope: text(request.scope),
    resourceName: text(request.resource ?? ""),
    activeRoles: texts(request.activeRoles),
  };
}

function parseSubject(subject: string): Pick<GoldenRequest, "subjectKind" | "subjectName"> {
  const [kind] = subject.split(":", 1) as [string];
  return {
    subjectKind: kind === "user" ? "User" : "ServiceAccount",
    subjectName: subject.slice(kind.length + 1),
  };
}

function text(value: Text): string {
  return typeof value === "string" ? value : (value.prefix ?? "") + value.repeat.repeat(value.times);
}

function texts(values: Texts = []): string[] {
  if (Array.isArray(values)) return values.map(text);
  return Array.from({ length: values.count }, (_, i) =>
    "same" in values ? values.same : `${values.numbered}${i + 1}`,
  );
}

function readWant(want: WantDocument): GoldenResult {
  if (want === "allow") return { outcome: "Allowed" };
  if ("error" in want) return { outcome: want.error };
  const { deny, disclosure, level } = want;
  return level === undefined ? { outcome: deny, disclosure } : { outcome: deny, disclosure, level };
}

function refuseTwice(place: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${place}: "${twice}" stands there twice`);
}
