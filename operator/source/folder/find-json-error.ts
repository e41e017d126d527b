import { endOfString, skipSpace } from "./json-text.ts";
import { manifestLimits } from "./manifest-limits.ts";

/** Where a text stops being JSON. */
export interface JsonError {
  readonly offset: number;
  /** Without a full stop at the end. */
  readonly message: string;
}

const SCALAR = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.])|(?:true|false|null)(?!\w)/y;

/**
 * Finds the first mistake in a text that `JSON.parse` has refused, since its own messages mostly do not say where it is. The
 * text may nest as deep as manifests may.
 */
export function findJsonError(text: string): JsonError {
  let at = 0;
  const scalar = (): boolean => {
    SCALAR.lastIndex = at;
    if (!SCALAR.test(text)) return false;
    at = SCALAR.lastIndex;
    return true;
  };
  const string = (): string | undefined => {
    const end = endOfString(text, at);
    if (!isJson(text.slice(at, end))) return "a string that ends on its line, with valid escapes,";
    at = end;
    return undefined;
  };
  const skip = (character: string): boolean => {
    at = skipSpace(text, at);
    if (text[at] !== character) return false;
    at = skipSpace(text, at + 1);
    return true;
  };
  /** Each reads on as long as all is well, and returns what it would have liked to see where it is not. */
  const value = (depth: number): string | undefined => {
    if (depth > manifestLimits.depth) return `at most ${manifestLimits.depth} levels of nesting`;
    if (skip("{")) return entries("}", () => key() ?? value(depth + 1));
    if (skip("[")) return entries("]", () => value(depth + 1));
    if (text[at] === '"') return string();
    return scalar() ? undefined : "a value";
  };
  const key = (): string | undefined => {
    if (text[at] !== '"') return "a key in double quotes";
    const wanted = string();
    if (wanted !== undefined) return wanted;
    return skip(":") ? undefined : "a colon";
  };
  const entries = (close: string, entry: () => string | undefined): string | undefined => {
    if (skip(close)) return undefined;
    for (;;) {
      const wanted = entry();
      if (wanted !== undefined) return wanted;
      if (skip(close)) return undefined;
      if (!skip(",")) return `a comma or ${close}`;
    }
  };
  at = skipSpace(text, 0);
  const wanted = value(0) ?? "the end of the file";
  at = skipSpace(text, at);
  const found =
    at >= text.length ? "the file ends" : `${JSON.stringify([...text.slice(at, at + 2)][0])} stands`;
  return { offset: at, message: `${wanted[0]?.toUpperCase()}${wanted.slice(1)} is expected where ${found}` };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
