import type { ErrorCode } from "../../../engine/errors/registry.ts";
import { errors } from "../../../engine/errors/registry.ts";
import type { ManifestProblem } from "../../../engine/validate/manifest-problem.ts";

/**
 * One thing that is wrong in a folder of manifests. `object` is empty where the text could not be read far enough to tell
 * what it declares.
 */
export interface FolderProblem extends ManifestProblem {
  /** The file, as a path below the folder; empty where the folder itself is meant. */
  readonly file: string;
  /** The line in the file, from 1, as near to the field as can be told. */
  readonly line?: number;
}

/** A problem of a whole file or folder. */
export function fileProblem(code: ErrorCode, file: string, message: string, line?: number): FolderProblem {
  return { code, file, object: "", path: "", message, ...(line !== undefined && { line }) };
}

/** Two lines for people: place, object, field and what is wrong; then what to do about it. */
export function formatFolderProblem(problem: FolderProblem): string {
  const { code, file, line, object, path, message } = problem;
  const name = printable(file);
  const place = line === undefined ? name : `${name}:${line}`;
  const what = [place, object, path, message].filter((part) => part !== "").join(": ");
  return `${what} (${code} ${errors[code].reason})\n  ${remedyOf(problem)}`;
}

/** A file's name as it may stand in a terminal: quoted if it holds control characters. */
function printable(file: string): string {
  return /\p{Cc}/u.test(file) ? JSON.stringify(file) : file;
}

/** What to do about a problem: its own remedy, else that of its code. */
export function remedyOf(problem: ManifestProblem): string {
  const { remedy } = problem;
  if (remedy === undefined) return errors[problem.code].remedy;
  return capitalize(/[.?]$/.test(remedy) ? remedy : `${remedy}.`);
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
