import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlainYaml } from "./parse-plain-yaml.ts";
import { parseYaml } from "./parse-yaml.ts";

const binding = `---
# Who builds the integrations.
apiVersion: sidegate.dev/v1alpha1
kind: AccessRoleBinding
metadata:
  name: engineers # by team
  labels: {}
spec:
  role: "engineer"
  subjects:
  - kind: User
    name: 'ada'

  - kind: Group
    name: team:integrations
  - { kind: User, name: "eve", x: [a, {b: c}] } # a guest
  expiresAt: 2026-01-01T00:00:00Z
  scope:
    kind: Environment
    name: acme-dev
`;

const role = `apiVersion: sidegate.dev/v1alpha1
kind: AccessRole
metadata:
  name: engineer
spec:
  assignableAt: [Environment]
  rules:
    - resources: ["*"]
      verbs: [view, 'manage', "retry"]
      names: []
      when: |
        subject.name != "eve" &&
          context.ip == "10.0.0.1"

    - effect: Deny
      resources:
        - payloads
      verbs:
        - "*"
      when: |-
        true
  includes:
`;

describe("plain YAML", () => {
  it("reads a binding as the full parser does", () => {
    expect(parsePlainYaml(binding)).toEqual(parseYaml(binding).values[0]);
  });

  it("reads a role as the full parser does", () => {
    const wanted = parseYaml(role).values[0];
    expect(wanted).toMatchObject({
      spec: { includes: null, rules: [{ verbs: ["view", "manage", "retry"] }, {}] },
    });
    expect(parsePlainYaml(role)).toEqual(wanted);
  });

  it.each([
    ["an anchor", "a: &x 1\nb: *x\n"],
    ["a flow collection over several lines", "a: {b: 1,\n  c: 2}\n"],
    ["flow style in unusual spelling", "a: [b: 1]\n"],
    ["a folded scalar", "a: >\n  x\n"],
    ["a scalar over several lines", "a: x\n  y\n"],
    ["an escape", 'a: "\\n"\n'],
    ["a merge key", "<<: {}\n"],
    ["a key given twice", "a: 1\na: 2\n"],
    ["a key that is no string", "on: 1\n"],
    ["a tab", "a:\t1\n"],
    ["a carriage return", "a: 1\r\n"],
    ["a mapping in a scalar's place", "a: b: c\n"],
    ["wrong indentation", "a:\n    b: 1\n  c: 2\n"],
    ["a scalar as document", "a\n"],
    ["deep nesting", Array.from({ length: 100 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")],
  ])("leaves %s to the full parser", (_, text) => {
    expect(parsePlainYaml(text)).toBeUndefined();
  });

  it("tells where keys and items stand", () => {
    const locations = new Map<object, Map<string, number>>();
    const value = parsePlainYaml(binding, locations) as { spec: { subjects: object[] } };
    expect(binding.slice(locations.get(value.spec)?.get("role"))).toMatch(/^role: "engineer"/);
    expect(binding.slice(locations.get(value.spec.subjects)?.get("1"))).toMatch(/^- kind: Group/);
    expect(binding.slice(locations.get(value.spec.subjects[1] as object)?.get("name"))).toMatch(
      /^name: team/,
    );
  });
});

describe("what plain YAML reads means the same to the full parser", () => {
  const words = fc.constantFrom(
    ..."a b name x-y on y No null ~ true 1 010 1_000 .5 1e3 -1 2026-01-01 a:b a#b #c 'q' \"q\" 'it''s' \"e\\n\"".split(
      " ",
    ),
    ..."[] {} [a] [a, [b,c] ['a',\"*\"] [a,] [,] {a: 1} * *a &a !t | |- > >- |+ |2 % @ ` - -- --- ... ? : ,".split(
      " ",
    ),
    "a b",
    "a: b",
    "a #b",
    "a:",
    "[a, b]",
    "[a, 010, no]",
    "é",
    "\u00a0",
    "\u2028",
    "=",
    "<<",
    "__proto__",
    "",
  );
  const keys = fc.constantFrom("a", "b", "c", "d", "e", "kind", "metadata", "x.y/z", "A-1", "on", '"q"');
  const ends = fc.constantFrom("", "", "", "", " ", " # c", "#", "\n", "\n # c", "\n\n", "\t", "\r");

  /** Lines of a tree: each is relative to the column of its collection. */
  const { block } = fc.letrec<{ block: string[]; map: string[]; seq: string[]; value: string[] }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.tuple(words, ends).map(([word, end]) => [` ${word}${end}`]),
      fc.tuple(fc.nat(3), ends, tie("block")).map(([indent, end, inner]) => [end, ...shift(inner, indent)]),
      fc
        .tuple(
          fc.constantFrom(" |", " |-"),
          fc.integer({ min: 1, max: 3 }),
          fc.array(words, { maxLength: 3 }),
        )
        .map(([head, indent, inner]) => [head, ...shift(inner, indent)]),
    ),
    map: fc
      .array(fc.tuple(keys, tie("value")), { minLength: 1, maxLength: 4 })
      .map((pairs) => pairs.flatMap(([key, [first, ...rest]]) => [`${key}:${first}`, ...rest])),
    seq: fc
      .array(fc.tuple(fc.constantFrom(1, 1, 1, 3), fc.oneof(tie("map"), tie("value"))), {
        minLength: 1,
        maxLength: 4,
      })
      .map((items) =>
        items.flatMap(([gap, [first = "", ...rest]]) => [
          `-${first.startsWith(" ") ? "" : " ".repeat(gap)}${first}`,
          ...shift(rest, gap + 1),
        ]),
      ),
    block: fc.oneof({ weight: 3, arbitrary: tie("map") }, tie("seq")),
  }));
  const trees = block.map((all) => all.join("\n"));

  const line = fc
    .record({
      indent: fc.nat(6),
      dashes: fc.constantFrom("", "", "", "- ", "-   ", "-", "- - "),
      key: fc.constantFrom("", "a: ", "b: ", "c:", "d:  ", "a", "on: ", "kind: ", '"q": ', "? "),
      value: words,
      end: ends,
    })
    .map((part) => " ".repeat(part.indent) + part.dashes + part.key + part.value + part.end);
  const lines = fc.array(line, { maxLength: 8 }).map((all) => all.join("\n"));
  const edits = fc.array(
    fc.record({
      at: fc.nat(),
      cut: fc.nat(4),
      insert: fc.oneof(
        fc.constantFrom("\n", "  ", "- ", ": ", " #", "|\n", '"', "'", "\n\n", "---\n"),
        words,
        line,
      ),
    }),
    { maxLength: 3 },
  );
  const edited = fc.tuple(fc.constantFrom(binding, role), edits).map(([text, all]) =>
    all.reduce<string>((now, { at, cut, insert }) => {
      const index = at % (now.length + 1);
      return now.slice(0, index) + insert + now.slice(index + cut);
    }, text),
  );

  it.each([
    { name: "grown as trees", texts: trees, numRuns: 4000 },
    { name: "made of lines", texts: lines, numRuns: 1000 },
    { name: "edited at random", texts: edited, numRuns: 1500 },
  ])("$name", ({ texts, numRuns }) => {
    fc.assert(
      fc.property(texts, (text) => {
        const plain = parsePlainYaml(text);
        if (plain === undefined) return;
        expect(parseYaml(text)).toEqual({ values: [plain], problems: [] });
      }),
      { numRuns },
    );
  });
});

function shift(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => " ".repeat(columns) + line);
}
