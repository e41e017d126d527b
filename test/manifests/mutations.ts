import fc from "fast-check";
import type { Manifest } from "./manifest-row.ts";

/** One edit of a parsed manifest: at the place that `at` picks, of all there are. */
interface Mutation {
  readonly at: number;
  readonly edit: "replace" | "remove" | "rename" | "repeat" | "insert";
  readonly value: unknown;
}

const nastyValues: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    1.5,
    1e3,
    300,
    2 ** 31,
    2 ** 53,
    1e21,
    "",
    " ",
    "x",
    "X",
    "*",
    "a:b",
    "a/b",
    "a/b/c",
  ],
  ...[
    "default",
    "User",
    "Platform",
    "Environment",
    "ServiceAccount",
    "AccessGroup",
    "Deny",
    "Give",
    "2026-01-01T00:00:00Z",
  ],
  ...[
    "2026-02-30T00:00:00Z",
    "2026-01-01",
    "true",
    "5",
    "a\u0000b",
    "é",
    "😀",
    "x".repeat(254),
    "y".repeat(600),
  ],
  ...[
    [],
    {},
    [null],
    [[]],
    [{}],
    ["x"],
    ["x", "x"],
    { kind: "User", name: "alice" },
    [{ kind: "User", name: "alice" }],
  ],
  ...[
    { kind: "Platform" },
    { kind: "Organization" },
    { __proto__: null, constructor: "x" },
    { a: "b" },
    { a: 1 },
    ["Give"],
  ],
];

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  edit: fc.constantFrom("replace", "replace", "remove", "rename", "repeat", "insert"),
  value: fc.constantFrom(...nastyValues),
});

/** Manifests that are one to three edits away from the given ones, and so mostly, but not always, wrong. */
export function mutated(manifests: readonly Manifest[]): fc.Arbitrary<Manifest> {
  return fc
    .tuple(fc.constantFrom(...manifests), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([manifest, mutations]) => {
      const copy = structuredClone(manifest);
      for (const each of mutations) mutate(copy, each);
      return copy;
    });
}

function mutate(manifest: Manifest, { at, edit, value }: Mutation): void {
  const places = placesIn(manifest);
  const place = places[at % places.length];
  if (place === undefined) return;
  const { parent, key } = place;
  if (Array.isArray(parent)) {
    const index = Number(key);
    if (edit === "remove") parent.splice(index, 1);
    else if (edit === "repeat" || edit === "rename") parent.push(structuredClone(parent[index]));
    else if (edit === "insert") parent.splice(index, 0, structuredClone(value));
    else parent[index] = structuredClone(value);
    return;
  }
  if (edit === "replace") parent[key] = structuredClone(value);
  else if (edit === "insert" || edit === "repeat") parent[`${key}x`] = structuredClone(value);
  else {
    if (edit === "rename") parent[key.toUpperCase()] = parent[key];
    delete parent[key];
  }
}

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

/** Every member and entry below an object but apiVersion and kind, which say where the manifest is sent to. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => key !== "apiVersion" && key !== "kind")
    .flatMap(([key, child]) => [{ parent: value as Place["parent"], key }, ...placesIn(child)]);
}
