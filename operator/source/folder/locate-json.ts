import type { Locations } from "./parse-plain-flow.ts";

/**
 * Reads a JSON text, which `JSON.parse` has taken before, and notes the offset of each key and item.
 *
 * @param locations filled with the offsets
 */
export function locateJson(text: string, locations: Locations): unknown {
  const token = /\s*(?:[{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)/y;
  /** Where the last token begins. */
  let start = 0;
  const next = (): string => {
    const match = token.exec(text)?.[0] ?? "";
    const trimmed = match.trimStart();
    start = token.lastIndex - trimmed.length;
    return trimmed;
  };
  const read = (first: string): unknown => {
    if (first === "{") return readObject();
    if (first === "[") return readArray();
    return JSON.parse(first);
  };
  const readObject = (): object => {
    const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const own = new Map<string, number>();
    locations.set(object, own);
    for (let part = next(); part !== "}"; part = next()) {
      if (part === ",") continue;
      const key = JSON.parse(part) as string;
      own.set(key, start);
      next();
      object[key] = read(next());
    }
    return object;
  };
  const readArray = (): unknown[] => {
    const items: unknown[] = [];
    const own = new Map<string, number>();
    locations.set(items, own);
    for (let part = next(); part !== "]"; part = next()) {
      if (part === ",") continue;
      own.set(String(items.length), start);
      items.push(read(part));
    }
    return items;
  };
  return read(next());
}
