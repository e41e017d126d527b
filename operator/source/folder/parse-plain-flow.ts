import { manifestLimits } from "./manifest-limits.ts";
import { resolvePlainScalar } from "./resolve-scalar.ts";

/** Told where each key (of a mapping) or item (of a sequence) stands, as an offset in the text. */
export type Locations = Map<object, Map<string, number>>;

/**
 * Thrown to leave a document to the full parser.
 * One object for all: it is caught at once, and making a stack trace each time would cost more than the parsing.
 */
export const beyondPlain = new Error("Beyond plain YAML");

const MAX_DEPTH = 8;
const SPACES = / */y;
/** A plain scalar that means the same in block and flow style, without the colon that would make it a key. */
const PLAIN = /[A-Za-z0-9_][-A-Za-z0-9_./+]*/y;
const QUOTED = /"[^"\\\n]*"|'[^'\n]*'(?!')/y;
const KEY = /[A-Za-z][-A-Za-z0-9_./]*(?=: )/y;

/**
 * Reads a flow collection of plain and simply quoted scalars on one line: `[view, "*"]`, `{kind: User, name: ada}`.
 *
 * @param start the offset of its first bracket
 * @returns its value and the offset behind its last bracket
 * @throws beyondPlain for everything else
 */
export function parsePlainFlow(
  text: string,
  start: number,
  locations: Locations | undefined,
): { value: unknown; end: number } {
  let at = start;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  };
  const locate = (container: object): Map<string, number> | undefined => {
    if (locations === undefined) return undefined;
    const own = new Map<string, number>();
    locations.set(container, own);
    return own;
  };
  /** Reads entries up to the closing bracket; `at` stands behind the opening one. */
  const entries = (close: string, readEntry: () => void): void => {
    take(SPACES);
    if (text[at] === close) {
      at++;
      return;
    }
    for (;;) {
      readEntry();
      take(SPACES);
      const separator = text[at++];
      if (separator === close) return;
      if (separator !== ",") throw beyondPlain;
      take(SPACES);
    }
  };
  const value = (depth: number): unknown => {
    if (depth > MAX_DEPTH) throw beyondPlain;
    if (text[at] === "[") return sequence(depth);
    if (text[at] === "{") return mapping(depth);
    const quoted = take(QUOTED);
    if (quoted !== undefined) return quoted.slice(1, -1);
    const plain = take(PLAIN);
    if (plain === undefined) throw beyondPlain;
    return resolvePlainScalar(plain);
  };
  const sequence = (depth: number): unknown[] => {
    const items: unknown[] = [];
    const own = locate(items);
    at++;
    entries("]", () => {
      own?.set(String(items.length), at);
      items.push(value(depth + 1));
    });
    return items;
  };
  const mapping = (depth: number): Record<string, unknown> => {
    const map: Record<string, unknown> = {};
    const own = locate(map);
    let keys = 0;
    at++;
    entries("}", () => {
      if (++keys > manifestLimits.keys) throw beyondPlain;
      const keyAt = at;
      const key = take(KEY);
      if (key === undefined || Object.hasOwn(map, key) || resolvePlainScalar(key) !== key) throw beyondPlain;
      own?.set(key, keyAt);
      at++;
      take(SPACES);
      map[key] = value(depth + 1);
    });
    return map;
  };
  return { value: value(0), end: at };
}
