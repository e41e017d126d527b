import { describe, expect, it } from "vitest";
import { splitDocuments } from "./split-documents.ts";

const cases: [name: string, text: string, wanted: [line: number, text: string][]][] = [
  ["a file without separators", "a: 1\nb: 2\n", [[1, "a: 1\nb: 2\n"]]],
  [
    "two documents",
    "a: 1\n---\nb: 2\n",
    [
      [1, "a: 1\n"],
      [2, "---\nb: 2\n"],
    ],
  ],
  [
    "a separator first",
    "---\na: 1\n---\nb: 2",
    [
      [1, "---\na: 1\n"],
      [3, "---\nb: 2"],
    ],
  ],
  ["empty and commented documents", "# x\n---\n\n---\n  # y\n---\na: 1\n---\n", [[6, "---\na: 1\n"]]],
  ["content behind the dashes", "--- a\n--- # c\n", [[1, "--- a\n"]]],
  [
    "carriage returns",
    "a: 1\r\n---\r\nb: 2\r\n",
    [
      [1, "a: 1\r\n"],
      [2, "---\r\nb: 2\r\n"],
    ],
  ],
  ["dashes that do not separate", "a: |\n  ---\n---x: 1\n", [[1, "a: |\n  ---\n---x: 1\n"]]],
  ["directives", "%YAML 1.1\n---\na: 1\n---\nb: 2\n", [[1, "%YAML 1.1\n---\na: 1\n---\nb: 2\n"]]],
  ["nothing", "", []],
  ["white space", "\n \n\t\n", []],
];

describe("a YAML file is cut into documents", () => {
  it.each(cases)("%s", (_, text, wanted) => {
    expect([...splitDocuments(text)].map((document) => [document.line, document.text])).toEqual(wanted);
  });
});
