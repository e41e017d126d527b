import { conversions } from "./conversions.ts";
import {
  type CelFunction,
  contains,
  joinTexts,
  lowerAscii,
  matches,
  onText,
  onTexts,
  size,
  split,
  trim,
  upperAscii,
} from "./text-functions.ts";
import { timePart, timestampParts } from "./time-functions.ts";

/**
 * The functions of conditions, by `name/arguments` and, for methods, `.name/arguments` with the receiver not counted: the
 * standard library of CEL, and of its string extension what stored attributes, which are strings, make useful.
 */
export const functions: ReadonlyMap<string, CelFunction> = new Map<string, CelFunction>([
  ...Object.entries(conversions).map(([name, convert]): [string, CelFunction] => [
    `${name}/1`,
    ([value], run) => (value === undefined ? undefined : convert(value, run)),
  ]),
  ...[...timestampParts.keys()].flatMap((name): [string, CelFunction][] => [
    [`.${name}/0`, timePart(name)],
    [`.${name}/1`, timePart(name)],
  ]),
  ["size/1", size],
  [".size/0", size],
  [".contains/1", onTexts(contains)],
  [".startsWith/1", onTexts((text, part) => text.startsWith(part))],
  [".endsWith/1", onTexts((text, part) => text.endsWith(part))],
  [".matches/1", onTexts(matches)],
  ["matches/2", onTexts(matches)],
  [".lowerAscii/0", onText(lowerAscii)],
  [".upperAscii/0", onText(upperAscii)],
  [".trim/0", onText(trim)],
  [".split/1", split],
  [".split/2", split],
  [".join/0", joinTexts],
  [".join/1", joinTexts],
]);
