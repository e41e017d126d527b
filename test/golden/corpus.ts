import { resolve } from "node:path";
import { loadCaseFolder } from "../../cli/cases/load-cases.ts";

const root = resolve(import.meta.dirname, "../..");

/** The cases that pin the decision semantics down, and those of the presets. */
export const corpus = [
  ...(await loadCaseFolder(import.meta.dirname, { root })),
  ...(await loadCaseFolder(resolve(root, "presets/redox/cases"), { root })),
];
