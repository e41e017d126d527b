import { isDeepStrictEqual } from "node:util";
import type { SidegateObject } from "../../../engine/model/objects.generated.ts";
import type { ManifestValidator } from "../../../engine/validate/manifest-validator.ts";
import { type FolderProblem, fileProblem } from "./folder-problem.ts";
import { type FileList, listFiles, type ManifestFile } from "./list-files.ts";
import { manifestLimits } from "./manifest-limits.ts";
import { type DocumentContents, type PlacedDocument, readDocuments } from "./read-documents.ts";
import { readText } from "./read-text.ts";

/** A manifest that is valid in itself. */
export interface LoadedManifest {
  /** The namespace of the manifest, else the one that the folder stands for. */
  readonly domain: string;
  /** Without resourceVersion; the same object as long as its document does not change. */
  readonly object: SidegateObject;
  readonly file: string;
  /** Of the manifest, or of the list that it is an item of. */
  readonly line: number;
  /** Where it stands in a list: "items[3]"; else empty. */
  readonly path: string;
}

/** What a folder says at one time. */
export interface FolderContents {
  /** By `manifestKey`. To be used only if there are no problems. */
  readonly manifests: ReadonlyMap<string, LoadedManifest>;
  /** The first of them, no more than `manifestLimits.problems`, in the order of files and lines. */
  readonly problems: readonly FolderProblem[];
  /** Problems found; reading ends early where there are very many. */
  readonly problemCount: number;
  /** Objects that were left out because they are of other API groups. */
  readonly foreign: readonly { readonly what: string; readonly file: string; readonly line: number }[];
  /** Paths of the files that hold manifests. */
  readonly files: ReadonlySet<string>;
  /** When the latest of the files that were read this time was last written, in milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface FolderReaderOptions {
  readonly folder: string;
  /** The domain of manifests without a namespace. */
  readonly domain: string;
  readonly validator: ManifestValidator;
  /** Lets other work have its turn. */
  readonly pause: () => Promise<void>;
}

interface FileContents {
  readonly signature: string;
  readonly documents: readonly PlacedDocument[];
  /** What keeps the file from being read at all. */
  readonly problem?: FolderProblem;
}

const ENOUGH_PROBLEMS = 1000;

export function manifestKey(domain: string, { kind, metadata }: SidegateObject): string {
  return `${domain}/${kind}/${metadata.name}`;
}

/** Reads a folder of manifests, again and again; files and documents that did not change are not read twice. */
export class FolderReader {
  readonly #options: FolderReaderOptions;
  #files = new Map<string, FileContents>();
  #list: FileList | undefined;
  #last: FolderContents | undefined;

  constructor(options: FolderReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads what is there now. Calls must not overlap. Never fails: what is wrong is among the problems.
   *
   * @returns the same object as before if nothing changed
   */
  async read(): Promise<FolderContents> {
    const { folder, pause, domain } = this.#options;
    const list = await listFiles(folder, pause);
    const isSame = isSameList(this.#list, list);
    this.#list = list;
    if (this.#last !== undefined && isSame) return this.#last;
    const read = new Map<string, FileContents>();
    const sum = new Sum(domain, list.problems);
    let modifiedAt = 0;
    for (const file of list.files) {
      const known = this.#files.get(file.path);
      const isKnown = known?.signature === file.signature;
      if (sum.problemCount >= ENOUGH_PROBLEMS) {
        if (isKnown) read.set(file.path, known);
        continue;
      }
      if (!isKnown) modifiedAt = Math.max(modifiedAt, file.modifiedAt);
      const contents = isKnown ? known : await this.#readFile(file, known, sum);
      read.set(file.path, contents);
      sum.add(file.path, contents);
    }
    this.#files = read;
    this.#last = { ...sum.contents(), modifiedAt };
    return this.#last;
  }

  /** The directories whose entries mattered at the last reading. */
  get directories(): readonly string[] {
    return this.#list?.directories ?? [];
  }

  async #readFile(file: ManifestFile, before: FileContents | undefined, sum: Sum): Promise<FileContents> {
    const text = readText(file.path, file.absolutePath);
    if (typeof text !== "string") return { signature: file.signature, documents: [], problem: text };
    const known = new Map<string, DocumentContents>();
    for (const { hash, contents } of before?.documents ?? []) known.set(hash, contents);
    let problems = sum.problemCount;
    const { validator, pause } = this.#options;
    const { documents, isComplete } = await readDocuments(text, /\.json$/i.test(file.path), known, {
      validator,
      pause,
      goesOn: (found) => {
        problems += found;
        return problems < ENOUGH_PROBLEMS;
      },
    });
    // What was read in part is read again the next time.
    return { signature: isComplete ? file.signature : "", documents };
  }
}

type Place = Pick<LoadedManifest, "file" | "line" | "path">;

function formatPlace({ file, line, path }: Place): string {
  return path === "" ? `${file}:${line}` : `${file}:${line} ${path}`;
}

/** Whether two looks at a folder found the same files as they were, and the same in their way. */
function isSameList(before: FileList | undefined, { files, problems }: FileList): boolean {
  return (
    before?.files.length === files.length &&
    files.every(({ path, signature }, index) => {
      const other = before.files[index];
      return other?.path === path && other.signature === signature;
    }) &&
    isDeepStrictEqual(before.problems, problems)
  );
}

/** Adds up what the files hold. */
class Sum {
  readonly #domain: string;
  readonly #manifests = new Map<string, LoadedManifest>();
  readonly #problems: FolderProblem[];
  readonly #foreign: { what: string; file: string; line: number }[] = [];
  readonly #files = new Set<string>();
  problemCount: number;

  constructor(domain: string, problems: readonly FolderProblem[]) {
    this.#domain = domain;
    this.#problems = problems.slice(0, manifestLimits.problems);
    this.problemCount = problems.length;
  }

  add(file: string, { documents, problem }: FileContents): void {
    if (problem) this.#report(problem);
    for (const { line, contents } of documents) {
      for (const { object, line: at, path } of contents.manifests) {
        this.#addManifest(object, { file, line: line + at, path });
      }
      for (const found of contents.problems) this.#report({ ...found, file, line: line + (found.line ?? 0) });
      for (const { what, line: at } of contents.foreign) this.#foreign.push({ what, file, line: line + at });
    }
  }

  contents(): Omit<FolderContents, "modifiedAt"> {
    return {
      manifests: this.#manifests,
      problems: this.#problems,
      problemCount: this.problemCount,
      foreign: this.#foreign,
      files: this.#files,
    };
  }

  #addManifest(object: SidegateObject, place: Place): void {
    const { file, line, path } = place;
    const { namespace, name } = object.metadata;
    const domain = namespace ?? this.#domain;
    const key = manifestKey(domain, object);
    const first = this.#manifests.get(key);
    this.#files.add(file);
    if (first !== undefined) {
      const message = `is declared in ${formatPlace(first)} already`;
      this.#report({
        code: "SG1107",
        file,
        line,
        object: `${object.kind} ${domain}/${name}`,
        path,
        message,
      });
    } else if (this.#manifests.size === manifestLimits.objects) {
      const message = `The folder has more than ${manifestLimits.objects} manifests`;
      this.#report(fileProblem("SG1103", file, message, line));
      this.problemCount = ENOUGH_PROBLEMS;
    } else this.#manifests.set(key, { domain, object, ...place });
  }

  #report(problem: FolderProblem): void {
    this.problemCount++;
    if (this.#problems.length < manifestLimits.problems) this.#problems.push(problem);
  }
}
