import { hash } from "node:crypto";
import type { SidegateObject } from "../../../engine/model/objects.generated.ts";
import type { ManifestValidator } from "../../../engine/validate/manifest-validator.ts";
import { extractManifests } from "./extract-manifests.ts";
import { type FolderProblem, fileProblem } from "./folder-problem.ts";
import { createLineFinder } from "./locate-field.ts";
import { manifestLimits } from "./manifest-limits.ts";
import { parseDocument } from "./parse-document.ts";
import { splitDocuments } from "./split-documents.ts";

/**
 * What one document of a file came to. Lines count from 0 at its first line, so that it may move within its file. The line
 * of an item of a list is that of the list, since finding the right one costs as much as reading the list once more; the
 * lines of problems are exact.
 */
export interface DocumentContents {
  readonly manifests: readonly {
    readonly object: SidegateObject;
    readonly line: number;
    readonly path: string;
  }[];
  /** With an empty `file` and lines from 0. */
  readonly problems: readonly FolderProblem[];
  readonly foreign: readonly { readonly what: string; readonly line: number }[];
}

/** A document where it stands now. */
export interface PlacedDocument {
  readonly hash: string;
  /** The line of its first line, from 1. */
  readonly line: number;
  readonly contents: DocumentContents;
}

export interface DocumentReader {
  readonly validator: ManifestValidator;
  /** Awaited now and then, so that a large file does not hold up the process. */
  readonly pause: () => Promise<void>;
  /** Told how many problems a document has; false when so many were found that reading on is of no use. */
  readonly goesOn: (problems: number) => boolean;
}

const CHARACTERS_PER_TURN = 32 * 1024;
const MANIFESTS_PER_TURN = 50;

/**
 * Reads and checks the documents of a file, all of them or as many as the reader wants.
 *
 * @param known documents that were read before by their hash, which are not read again
 */
export async function readDocuments(
  text: string,
  isJson: boolean,
  known: ReadonlyMap<string, DocumentContents>,
  reader: DocumentReader,
): Promise<{ documents: PlacedDocument[]; isComplete: boolean }> {
  const documents: PlacedDocument[] = [];
  let characters = 0;
  for (const { text: document, line } of isJson ? [{ text, line: 1 }] : splitDocuments(text)) {
    const digest = hash("sha256", document, "base64");
    const contents = known.get(digest) ?? (await readDocument(document, isJson, reader));
    documents.push({ hash: digest, line, contents });
    if (!reader.goesOn(contents.problems.length)) return { documents, isComplete: false };
    characters += document.length;
    if (characters < CHARACTERS_PER_TURN) continue;
    characters = 0;
    await reader.pause();
  }
  return { documents, isComplete: true };
}

async function readDocument(
  text: string,
  isJson: boolean,
  reader: DocumentReader,
): Promise<DocumentContents> {
  const parsed = parseDocument(text, isJson);
  const manifests: { object: SidegateObject; line: number; path: string }[] = [];
  const foreign: { what: string; line: number }[] = [];
  const problems: FolderProblem[] = parsed.problems.map(({ code, line, message }) =>
    fileProblem(code, "", message, line - 1),
  );
  for (const [index, value] of parsed.values.entries()) {
    const lineOf = createLineFinder(text, isJson, index);
    const extracted = extractManifests(value);
    const line = lineOf("");
    for (const { what } of extracted.foreign) foreign.push({ what, line });
    for (const [at, { value: manifest, path }] of extracted.manifests.entries()) {
      if (problems.length >= manifestLimits.problems) break;
      const checked = reader.validator.check(manifest);
      if (checked.object !== undefined) manifests.push({ object: checked.object, line, path });
      for (const problem of checked.problems) {
        const place = path === "" || problem.path === "" ? path || problem.path : `${path}.${problem.path}`;
        problems.push({ ...problem, file: "", path: place, line: lineOf(place) });
      }
      if (at % MANIFESTS_PER_TURN === MANIFESTS_PER_TURN - 1) await reader.pause();
    }
  }
  return { manifests, problems, foreign };
}
