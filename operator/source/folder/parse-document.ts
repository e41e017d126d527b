import type { ErrorCode } from "../../../engine/errors/registry.ts";
import { findJsonError } from "./find-json-error.ts";
import { endOfString, skipSpace } from "./json-text.ts";
import { manifestLimits } from "./manifest-limits.ts";
import { parsePlainYaml } from "./parse-plain-yaml.ts";
import { parseYaml } from "./parse-yaml.ts";

/** What a document says, or why that can not be told. Lines count from 1 within the document. */
export interface ParsedDocument {
  /** Mostly one value; several where directives keep a file from being cut. */
  readonly values: readonly unknown[];
  readonly problems: readonly { readonly code: ErrorCode; readonly line: number; readonly message: string }[];
}

/** Reads one document of a YAML file, or a JSON file. Never throws. */
export function parseDocument(text: string, isJson: boolean): ParsedDocument {
  if (isJson) return parseJson(text);
  const plain = parsePlainYaml(text);
  if (plain !== undefined) return { values: [plain], problems: [] };
  if (text.length > manifestLimits.documentLength) {
    const limit = manifestLimits.documentLength;
    return refused(
      "SG1103",
      1,
      `A document of more than ${limit} characters uses more of YAML than block style, or has a mapping of more than ${manifestLimits.keys} keys`,
    );
  }
  const { values, problems } = parseYaml(text);
  return {
    values,
    problems: problems.map(({ line, message, excessive }) => ({
      code: excessive ? "SG1106" : "SG1105",
      line,
      message,
    })),
  };
}

function parseJson(text: string): ParsedDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { offset, message } = findJsonError(text);
    return refused("SG1105", text.slice(0, offset).split("\n").length, message);
  }
  const keys = countKeys(value, 0);
  if (keys === undefined) {
    return refused("SG1106", 1, `The document nests deeper than ${manifestLimits.depth} levels`);
  }
  if (keys !== countKeyTokens(text)) return refused("SG1105", 1, "A key is given twice in one object");
  return { values: [value], problems: [] };
}

function refused(code: ErrorCode, line: number, message: string): ParsedDocument {
  return { values: [], problems: [{ code, line, message }] };
}

/** The number of keys in a value, or undefined where it nests too deeply. */
function countKeys(value: unknown, depth: number): number | undefined {
  if (typeof value !== "object" || value === null) return 0;
  if (depth > manifestLimits.depth) return undefined;
  const children: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let sum = Array.isArray(value) ? 0 : children.length;
  for (const child of children) {
    const count = countKeys(child, depth + 1);
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}

/** The number of keys written in a JSON text: strings with a colon behind them. More than there are keys: one is double. */
function countKeyTokens(text: string): number {
  let count = 0;
  let at = text.indexOf('"');
  while (at !== -1) {
    const end = endOfString(text, at);
    if (text[skipSpace(text, end)] === ":") count++;
    at = text.indexOf('"', end);
  }
  return count;
}
