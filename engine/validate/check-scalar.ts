import { isDateTime } from "./date-time.ts";
import { quote } from "./manifest-problem.ts";
import { INSTANT_REMEDY, reportType } from "./report-misfit.ts";
import type { SchemaNode } from "./schema-node.ts";
import { suggest } from "./suggest.ts";
import type { Walk } from "./walk.ts";

/** Checks a string, number or boolean. Lone surrogates are replaced as the API server's JSON decoder does. */
export function checkScalar(node: SchemaNode, value: unknown, path: string, walk: Walk): unknown {
  walk.characters += 4;
  switch (node.schema.type) {
    case "string":
      if (typeof value !== "string") break;
      walk.characters += value.length;
      return checkString(node, value.toWellFormed(), path, walk);
    case "integer":
      if (!Number.isInteger(value)) break;
      return checkInteger(node, value as number, path, walk);
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
  }
  return reportType(node, value, path, walk);
}

function checkString(node: SchemaNode, value: string, path: string, walk: Walk): string {
  const { minLength, maxLength, format } = node.schema;
  if (node.values !== undefined && !node.values.has(value)) {
    const allowed = [...node.values].map(String);
    const meant = suggest(value, allowed);
    walk.blocked = true;
    walk.problems.add(
      "SG1001",
      path,
      `${quote(value)} is not one of ${allowed.join(", ")}`,
      meant === undefined ? undefined : `did you mean ${meant}?`,
    );
    return value;
  }
  if (maxLength !== undefined && isLongerThan(value, maxLength)) {
    walk.blocked = true;
    walk.problems.add("SG1001", path, `has more than ${maxLength} characters`, "shorten it");
    return value;
  }
  if (minLength !== undefined && value.length < minLength) {
    walk.problems.add("SG1001", path, "is empty", "leave the field out or give it a value");
  } else if (format === "date-time" && !(isDateTime(value) && (node.pattern?.test(value) ?? true))) {
    walk.blocked = true;
    walk.problems.add("SG1001", path, `${quote(value)} is not an instant`, INSTANT_REMEDY);
  } else if (node.pattern !== undefined && !node.pattern.test(value)) {
    walk.problems.add("SG1001", path, `${quote(value)} is not written as it has to be`, explainPattern(node));
  }
  return value;
}

function checkInteger(node: SchemaNode, value: number, path: string, walk: Walk): number {
  const { minimum, maximum } = node.schema;
  if (minimum !== undefined && value < minimum) {
    walk.problems.add("SG1001", path, `${value} is less than ${minimum}`, `give at least ${minimum}`);
  }
  if (maximum !== undefined && value > maximum) {
    walk.problems.add("SG1001", path, `${value} is more than ${maximum}`, `give at most ${maximum}`);
  }
  return value;
}

/** Lengths count code points, as the API server does. */
function isLongerThan(value: string, maxLength: number): boolean {
  if (value.length <= maxLength) return false;
  if (value.length > 2 * maxLength) return true;
  let count = 0;
  for (const _ of value) if (++count > maxLength) return true;
  return false;
}

const patternWords: readonly (readonly [start: string, words: string])[] = [
  ["^[a-z0-9]", "use lower case letters, digits, '-' and '.', beginning and ending with a letter or digit"],
  ["^[A-Za-z0-9]", "use letters, digits, '-', '_' and '.', beginning and ending with a letter or digit"],
  [
    "^(\\*|",
    "use letters, digits, '-', '_' and '.', beginning and ending with a letter or digit, or \"*\" alone",
  ],
];

function explainPattern(node: SchemaNode): string {
  const pattern = node.schema.pattern ?? "";
  return patternWords.find(([start]) => pattern.startsWith(start))?.[1] ?? `it has to match ${pattern}`;
}
