import { isDeepStrictEqual } from "node:util";
import type { ManifestValidator } from "../../../engine/validate/manifest-validator.ts";
import {
  ENOUGH_PROBLEMS,
  type FileContents,
  type FolderContents,
  FolderSum,
  placeContents,
} from "./folder-contents.ts";
import { type FileList, listFiles, type ManifestFile } from "./list-files.ts";
import { type DocumentContents, readDocuments } from "./read-documents.ts";
import { readText } from "./read-text.ts";

export interface FolderReaderOptions {
  readonly folder: string;
  /** The domain of manifests without a namespace. */
  readonly domain: string;
  readonly validator: ManifestValidator;
  /** Lets other work have its turn. */
  readonly pause: () => Promise<void>;
}

interface KnownFile {
  /** Empty where the file was read in part, so that it is read again. */
  readonly signature: string;
  readonly contents: FileContents;
}

/** Reads a folder of manifests, again and again; files and documents that did not change are not read twice. */
export class FolderReader {
  readonly #options: FolderReaderOptions;
  #files = new Map<string, KnownFile>();
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
    const { folder, pause } = this.#options;
    const list = await listFiles(folder, pause);
    const isSame = isSameList(this.#list, list);
    this.#list = list;
    if (this.#last !== undefined && isSame) return this.#last;
    const read = new Map<string, KnownFile>();
    const sum = new FolderSum(list.problems);
    let modifiedAt = 0;
    for (const file of list.files) {
      const known = this.#files.get(file.path);
      const isKnown = known?.signature === file.signature;
      if (sum.problemCount >= ENOUGH_PROBLEMS) {
        if (isKnown) read.set(file.path, known);
        continue;
      }
      if (!isKnown) modifiedAt = Math.max(modifiedAt, file.modifiedAt);
      const now = isKnown ? known : await this.#readFile(file, known, sum.problemCount);
      read.set(file.path, now);
      sum.add(file.path, now.contents);
    }
    this.#files = read;
    this.#last = { ...sum.contents(), modifiedAt };
    return this.#last;
  }

  /** The directories whose entries mattered at the last reading. */
  get directories(): readonly string[] {
    return this.#list?.directories ?? [];
  }

  async #readFile(file: ManifestFile, before: KnownFile | undefined, found: number): Promise<KnownFile> {
    const { signature, path, absolutePath } = file;
    const text = readText(path, absolutePath);
    if (typeof text !== "string") {
      return { signature, contents: { documents: [], manifests: [], problems: [text], foreign: [] } };
    }
    const known = new Map<string, DocumentContents>();
    for (const { hash, contents } of before?.contents.documents ?? []) known.set(hash, contents);
    let problems = found;
    const { validator, pause, domain } = this.#options;
    const { documents, isComplete } = await readDocuments(text, /\.json$/i.test(path), known, {
      validator,
      pause,
      goesOn: (more) => {
        problems += more;
        return problems < ENOUGH_PROBLEMS;
      },
    });
    return { signature: isComplete ? signature : "", contents: placeContents(path, documents, domain) };
  }
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
