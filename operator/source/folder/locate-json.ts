import { endOfString, skipSpace } from "./json-text.ts";
import type { Locations } from "./parse-plain-flow.ts";

const SCALAR = /[^\s{}[\],:"]+/y;

/**
 * Reads a JSON text, which `JSON.parse` has taken before, and notes the offset of each key and item.
 *
 * @param locations filled with the offsets
 */
export function locateJson(text: string, locations: Locations): unknown {
  let at = skipSpace(text, 0);
  const read = (): unknown => {
    if (text[at] === "{") return readObject();
    if (text[at] === "[") return readArray();
    return JSON.parse(readToken());
  };
  const readToken = (): string => {
    const start = at;
    if (text[at] === '"') at = endOfString(text, at);
    else {
      SCALAR.lastIndex = at;
      at += (SCALAR.exec(text) as RegExpExecArray)[0].length;
    }
    return text.slice(start, at);
  };
  /** Goes past a bracket, a comma or a colon and what space there is behind it; a comma also behind a value. */
  const step = () => {
    at = skipSpace(text, at + 1);
  };
  const entries = (close: string, readEntry: () => void) => {
    step();
    while (text[at] !== close) {
      readEntry();
      at = skipSpace(text, at);
      if (text[at] === ",") step();
    }
    at++;
  };
  const readObject = (): object => {
    const object = Object.create(null) as Record<string, unknown>;
    const own = new Map<string, number>();
    locations.set(object, own);
    entries("}", () => {
      const start = at;
      const key = JSON.parse(readToken()) as string;
      own.set(key, start);
      at = skipSpace(text, at);
      step();
      object[key] = read();
    });
    return object;
  };
  const readArray = (): unknown[] => {
    const items: unknown[] = [];
    const own = new Map<string, number>();
    locations.set(items, own);
    entries("]", () => {
      own.set(String(items.length), at);
      items.push(read());
    });
    return items;
  };
  return read();
}
