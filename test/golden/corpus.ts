import { globSync } from "node:fs";
import { resolve } from "node:path";
import { loadCaseFolder } from "../../cli/cases/load-cases.ts";

const root = resolve(import.meta.dirname, "../..");

/** The case folders of all presets, in order of name. */
const presets = globSync("presets/*/cases", { cwd: root })
  .toSorted()
  .map((folder) => resolve(root, folder));

/** The cases that pin the decision semantics down, and those of the presets. */
export const corpus = [
  ...(await loadCaseFolder(import.meta.dirname, { root })),
  ...(await Promise.all(presets.map((folder) => loadCaseFolder(folder, { root })))).flat(),
];
