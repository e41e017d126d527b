import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

const CASES = /\.ya?ml$/i;
const NAMED_CASES = /\.cases\.ya?ml$/i;

/**
 * The case files that are meant, in order of path: those named, all YAML files at any depth of the folders named; where none
 * is named, what belongs to the policy repository: everything in folders named `cases`, and files named `*.cases.yaml`.
 * Names that begin with a dot and `node_modules` are left out.
 *
 * @throws SidegateError SG5010 where a path names nothing, or there are no cases
 */
export function findCaseFiles(folder: string, named: readonly string[]): string[] {
  const found = named.length === 0 ? walk(folder, NAMED_CASES) : named.flatMap(filesOf);
  if (found.length > 0) return [...new Set(found)].sort();
  throw new SidegateError("SG5010", `${[folder, ...named].join(", ")}: there are no case files`);
}

function filesOf(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new SidegateError("SG5010", `${path}: there is no such file or folder`);
  return stat.isDirectory() ? walk(path, CASES) : [path];
}

/** @param wanted what files are named; in folders named `cases` all YAML files are wanted */
function walk(folder: string, wanted: RegExp): string[] {
  return readFolder(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
    if (entry.isDirectory()) return walk(path, entry.name === "cases" ? CASES : wanted);
    return wanted.test(entry.name) ? [path] : [];
  });
}

function readFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new SidegateError("SG5010", `${folder}: ${(cause as Error).message}`, { cause });
  }
}
