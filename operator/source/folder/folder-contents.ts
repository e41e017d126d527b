import type { SidegateObject } from "../../../engine/model/objects.generated.ts";
import { type FolderProblem, fileProblem } from "./folder-problem.ts";
import { manifestLimits } from "./manifest-limits.ts";
import type { PlacedDocument } from "./read-documents.ts";

/** An object of a domain as a manifest declares it. */
export interface DeclaredObject {
  /** The namespace of the manifest, else the one that the folder stands for. */
  readonly domain: string;
  /** Without resourceVersion; the same object as long as its document does not change. */
  readonly object: SidegateObject;
}

/** A manifest that is valid in itself. */
export interface LoadedManifest extends DeclaredObject {
  /** Domain, kind and name, which no other manifest may have. */
  readonly key: string;
  readonly file: string;
  /** Of the manifest, or of the list that it is an item of. */
  readonly line: number;
  /** Where it stands in a list: "items[3]"; else empty. */
  readonly path: string;
}

/** What a folder says at one time. */
export interface FolderContents {
  /** By their keys. To be used only if there are no problems. */
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

/** What one file says. */
export interface FileContents {
  readonly documents: readonly PlacedDocument[];
  readonly manifests: readonly LoadedManifest[];
  readonly problems: readonly FolderProblem[];
  readonly foreign: FolderContents["foreign"];
}

/** Reading ends when so many problems are found. */
export const ENOUGH_PROBLEMS = 1000;

/** Puts what was read of a file in its place. @param domain that of manifests without a namespace */
export function placeContents(
  file: string,
  documents: readonly PlacedDocument[],
  domain: string,
): FileContents {
  const manifests: LoadedManifest[] = [];
  const problems: FolderProblem[] = [];
  const foreign: { what: string; file: string; line: number }[] = [];
  for (const { line, contents } of documents) {
    for (const { object, line: at, path } of contents.manifests) {
      const own = object.metadata.namespace ?? domain;
      manifests.push({ key: keyOf(own, object), domain: own, object, file, line: line + at, path });
    }
    for (const problem of contents.problems) {
      problems.push({ ...problem, file, line: line + (problem.line ?? 0) });
    }
    for (const { what, line: at } of contents.foreign) foreign.push({ what, file, line: line + at });
  }
  return { documents, manifests, problems, foreign };
}

function keyOf(domain: string, { kind, metadata }: SidegateObject): string {
  return `${domain}/${kind}/${metadata.name}`;
}

/** Adds up what the files of a folder say, and finds what is there twice. */
export class FolderSum {
  readonly #manifests = new Map<string, LoadedManifest>();
  readonly #problems: FolderProblem[] = [];
  readonly #foreign: FolderContents["foreign"][number][] = [];
  readonly #files = new Set<string>();
  problemCount = 0;

  constructor(problems: readonly FolderProblem[]) {
    for (const problem of problems) this.#report(problem);
  }

  add(path: string, { manifests, problems, foreign }: FileContents): void {
    for (const problem of problems) this.#report(problem);
    for (const manifest of manifests) this.#addManifest(manifest);
    for (const object of foreign) this.#foreign.push(object);
    if (manifests.length > 0) this.#files.add(path);
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

  #addManifest(manifest: LoadedManifest): void {
    const { key, file, line } = manifest;
    const first = this.#manifests.get(key);
    if (first !== undefined) this.#report(duplicate(manifest, first));
    else if (this.#manifests.size < manifestLimits.objects) this.#manifests.set(key, manifest);
    else {
      const message = `The folder has more than ${manifestLimits.objects} manifests`;
      this.#report(fileProblem("SG1103", file, message, line));
    }
  }

  #report(problem: FolderProblem): void {
    this.problemCount++;
    if (this.#problems.length < manifestLimits.problems) this.#problems.push(problem);
  }
}

function duplicate(
  { domain, object, file, line, path }: LoadedManifest,
  first: LoadedManifest,
): FolderProblem {
  const place = `${first.file}:${first.line}${first.path === "" ? "" : ` ${first.path}`}`;
  return {
    code: "SG1107",
    file,
    line,
    object: `${object.kind} ${domain}/${object.metadata.name}`,
    path,
    message: `is declared in ${place} already`,
  };
}
