import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FieldSet } from "./field-set.ts";

const element = fc.constantFrom("f:a", "f:b", 'k:{"type":"x"}', 'v:"y"');
const path = fc.array(element, { minLength: 1, maxLength: 4 });
const fieldSet = fc
  .array(path, { maxLength: 8 })
  .map((paths) =>
    paths
      .map((parts) => parts.reduceRight((set, part) => FieldSet.of(false, [[part, set]]), FieldSet.leaf))
      .reduce((a, b) => a.union(b), FieldSet.empty),
  );
const pathsOf = (set: FieldSet) => [...set.paths()].sort();

describe("a field set", () => {
  test("is the same after encoding and decoding", () => {
    fc.assert(
      fc.property(fieldSet, (set) => {
        expect(pathsOf(FieldSet.decode(set.encode()))).toEqual(pathsOf(set));
      }),
    );
  });

  test("obeys the laws of sets, path by path", () => {
    fc.assert(
      fc.property(fieldSet, fieldSet, (a, b) => {
        const [left, right] = [new Set(pathsOf(a)), new Set(pathsOf(b))];
        expect(pathsOf(a.union(b))).toEqual([...left.union(right)].sort());
        expect(pathsOf(a.difference(b))).toEqual([...left.difference(right)].sort());
        expect(pathsOf(a.intersection(b))).toEqual([...left.intersection(right)].sort());
      }),
    );
  });

  test("reads and writes the form of managedFields", () => {
    const fields = {
      "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
      "f:status": { "f:conditions": { 'k:{"type":"Ready"}': { ".": {}, "f:status": {} } } },
    };
    const set = FieldSet.decode(fields);
    expect(set.encode()).toEqual(fields);
    expect([...set.paths()]).toEqual([
      ".metadata.labels",
      ".metadata.labels.app",
      '.status.conditions[type="Ready"]',
      '.status.conditions[type="Ready"].status',
    ]);
  });
});
