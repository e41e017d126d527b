import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import caseSchema from "./case.schema.json" with { type: "json" };
import type { WorldDocument } from "./case-file.ts";
import { objectsOf } from "./case-objects.ts";
import type { CaseWorld } from "./case-world.ts";
import { checkAgainst, compileJsonSchema, type JsonSchema } from "./json-schema.ts";
import { type ReadCase, readCase } from "./read-case.ts";

/** Where case files stand, and how the manifests that they name are read. */
export interface CaseSource {
  /** The folder that the paths of files are told from. */
  readonly root: string;
  /** Reads a folder of manifests, each once. Left out, they are taken as they stand, without a check. */
  readonly readManifests?: (folder: string) => Promise<readonly SidegateObject[]>;
}

const schema = compileJsonSchema(caseSchema as JsonSchema);

/** All case files of a folder, in order of name. @throws SidegateError SG5010 as `loadCaseFile` */
export async function loadCaseFolder(folder: string, source: CaseSource): Promise<CaseWorld[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const loader = new Loader(source);
  const worlds: CaseWorld[] = [];
  for (const name of names.toSorted()) worlds.push(...(await loader.load(join(folder, name))));
  return worlds;
}

/**
 * Reads a case file.
 *
 * @throws SidegateError SG5010 where the file is no YAML, does not fit case.schema.json, uses a name twice, or names what is
 *   not there
 */
export async function loadCaseFile(path: string, source: CaseSource): Promise<CaseWorld[]> {
  return new Loader(source).load(path);
}

class Loader {
  readonly #source: CaseSource;
  readonly #folders = new Map<string, Promise<readonly SidegateObject[]>>();

  constructor(source: CaseSource) {
    this.#source = source;
  }

  async load(path: string): Promise<CaseWorld[]> {
    const file = relative(this.#source.root, path);
    const worlds: CaseWorld[] = [];
    for (const [index, document] of readYaml(path, file).entries()) {
      const problems = checkAgainst(schema, document);
      if (problems.length > 0) throw broken(`${file}, document ${index + 1}`, problems.join("; "));
      worlds.push(await this.#world(path, file, document as WorldDocument));
    }
    refuseTwice(
      file,
      worlds.map(({ title }) => title),
    );
    return worlds;
  }

  async #world(path: string, file: string, document: WorldDocument): Promise<CaseWorld> {
    const { folder, title, now } = document;
    const place = `${file}, ${title}`;
    const inFolder = folder === undefined ? [] : await this.#manifests(resolve(dirname(path), folder));
    const objects = at(place, () => objectsOf(inFolder, document.objects ?? []));
    refuseTwice(
      place,
      document.cases.map(({ name }) => name),
    );
    const cases = document.cases.map((entry) =>
      at(`${file}, ${entry.name}`, () => readCase(entry, objects, now)),
    );
    return { file, title, isValid: document.validate ?? true, objects, ...byForm(cases) };
  }

  /** The manifests of a folder, not of the folders in it. */
  #manifests(folder: string): Promise<readonly SidegateObject[]> {
    const { readManifests = readAsTheyStand } = this.#source;
    const known = this.#folders.get(folder) ?? readManifests(folder);
    this.#folders.set(folder, known);
    return known;
  }
}

async function readAsTheyStand(folder: string): Promise<SidegateObject[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return files.toSorted().flatMap((name) => readYaml(join(folder, name), name) as SidegateObject[]);
}

function readYaml(path: string, file: string): unknown[] {
  return parseAllDocuments(readFileSync(path, "utf8")).map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) throw broken(file, error.message);
    try {
      return document.toJS();
    } catch (thrown) {
      // Aliases that stand for far more than was written.
      throw broken(file, messageOf(thrown));
    }
  });
}

function byForm(cases: readonly ReadCase[]): Omit<CaseWorld, "file" | "title" | "isValid" | "objects"> {
  const of = <Form extends ReadCase["form"]>(form: Form) =>
    cases
      .filter((one): one is Extract<ReadCase, { form: Form }> => one.form === form)
      .map(({ read }) => read as Extract<ReadCase, { form: Form }>["read"]);
  return {
    cases: of("cases"),
    grantCases: of("grantCases"),
    listCases: of("listCases"),
    grantableCases: of("grantableCases"),
    explainCases: of("explainCases"),
  };
}

function refuseTwice(place: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw broken(place, `"${twice}" stands there twice`);
}

/** Says where what went wrong in `read` stands. */
function at<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw broken(place, messageOf(error));
  }
}

function broken(place: string, what: string): SidegateError {
  return new SidegateError("SG5010", `${place}: ${what}`);
}
