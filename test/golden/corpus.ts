import { resolve } from "node:path";
import { loadCaseFolder } from "./load-cases.ts";

/** The cases that pin the decision semantics down, and those of the presets. */
export const corpus = [
  ...loadCaseFolder(import.meta.dirname),
  ...loadCaseFolder(resolve(import.meta.dirname, "../../presets/redox/cases")),
];
