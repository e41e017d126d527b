import { type Document, isAlias, isMap, isScalar, isSeq } from "yaml";
import { locateJson } from "./locate-json.ts";
import type { Locations } from "./parse-plain-flow.ts";
import { parsePlainYaml } from "./parse-plain-yaml.ts";
import { parseDocuments } from "./parse-yaml.ts";

/** A value together with the offsets of its keys and items in the text that it was read from. */
export interface LocatedValue {
  readonly value: unknown;
  readonly locations: Locations;
}

/**
 * Reads a document again, this time with the places of its parts. Only done where there is something to report, since
 * places cost more than values.
 *
 * @param index which of the documents in the text, where it holds several
 */
export function locateDocument(text: string, isJson: boolean, index: number): LocatedValue {
  const locations: Locations = new Map();
  if (isJson) return { value: locateJson(text, locations), locations };
  const plain = parsePlainYaml(text, locations);
  if (plain !== undefined) return { value: plain, locations };
  locations.clear();
  const documents = parseDocuments(text).documents.filter(({ contents }) => contents !== null);
  const document = documents[index];
  return { value: document && valueOfNode(document, document.contents, locations), locations };
}

/**
 * The offset of a field, or of the nearest part around it that is there; undefined if there is none.
 *
 * @param path as the validator writes it: "spec.subjects[0].kind"; keys may hold dots themselves
 */
export function offsetOfField({ value, locations }: LocatedValue, path: string): number | undefined {
  let container = value;
  let rest = path;
  let offset: number | undefined;
  while (rest !== "" && typeof container === "object" && container !== null) {
    const own = locations.get(container);
    const step = own && (Array.isArray(container) ? itemAtStart(rest) : keyAtStart(own, rest));
    if (step === undefined || !own?.has(step.key)) break;
    offset = own.get(step.key);
    rest = step.rest;
    container = (container as Record<string, unknown>)[step.key];
  }
  return offset;
}

/**
 * Finds the lines of fields in one document, counted from 0. The place of the document itself, which is where its content
 * begins, costs little; the first other place costs reading the document again.
 */
export function createLineFinder(text: string, isJson: boolean, index: number): (path: string) => number {
  let located: LocatedValue | undefined;
  let lineStarts: number[] | undefined;
  return (path) => {
    lineStarts ??= findLineStarts(text);
    if (path !== "") located ??= locateDocument(text, isJson, index);
    return lineAt(lineStarts, (located && offsetOfField(located, path)) ?? text.search(CONTENT));
  };
}

/** The first line that is neither blank nor a comment nor a separator. */
const CONTENT = /^(?!---(?:[ \t\r]|$)|[ \t\r]*(?:#|$))/m;

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The index of the last line that starts at or before an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

interface Step {
  readonly key: string;
  readonly rest: string;
}

function itemAtStart(path: string): Step | undefined {
  const [, key, rest] = /^\[(\d+)\]\.?(.*)$/s.exec(path) ?? [];
  return key === undefined || rest === undefined ? undefined : { key, rest };
}

/** The longest key that the path begins with. */
function keyAtStart(keys: ReadonlyMap<string, number>, path: string): Step | undefined {
  let longest: string | undefined;
  for (const key of keys.keys()) {
    if (longest !== undefined && key.length <= longest.length) continue;
    if (path.startsWith(key) && /^(?:[.[]|$)/.test(path.slice(key.length))) longest = key;
  }
  return longest === undefined
    ? undefined
    : { key: longest, rest: path.slice(longest.length).replace(/^\./, "") };
}

function valueOfNode(document: Document, node: unknown, locations: Locations): unknown {
  if (isScalar(node)) return node.value;
  const own = new Map<string, number>();
  if (isMap(node)) {
    const map: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    locations.set(map, own);
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      own.set(String(key.value), key.range?.[0] ?? 0);
      map[String(key.value)] = valueOfNode(document, value, locations);
    }
    return map;
  }
  if (isSeq(node)) {
    const items: unknown[] = [];
    locations.set(items, own);
    for (const [index, item] of node.items.entries()) {
      const range = isScalar(item) || isMap(item) || isSeq(item) || isAlias(item) ? item.range : undefined;
      own.set(String(index), range?.[0] ?? 0);
      items.push(valueOfNode(document, item, locations));
    }
    return items;
  }
  // What an alias stands for is written elsewhere; the alias is the place to show.
  return undefined;
}
