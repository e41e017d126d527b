import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { components } from "./components.ts";

describe("components", () => {
  it.each<[string, number[][], number[][]]>([
    ["nothing", [], []],
    ["a node alone", [[]], [[0]]],
    ["a node that points to itself", [[0]], [[0]]],
    ["a chain, its end first", [[1], [2], []], [[2], [1], [0]]],
    ["a circle as one", [[1], [2], [0]], [[0, 1, 2]]],
    [
      "two circles with a bridge, the far one first",
      [[1], [0, 2], [3], [2]],
      [
        [2, 3],
        [0, 1],
      ],
    ],
  ])("finds %s", (_, edges, wanted) => {
    const found = components(edges.length, (node) => edges[node] as number[]);
    expect(found.map((component) => component.toSorted())).toEqual(wanted);
  });

  it("puts two nodes together exactly if each reaches the other, and targets first", () => {
    const graph = fc
      .integer({ min: 1, max: 8 })
      .chain((count) =>
        fc.array(fc.array(fc.nat(count - 1), { maxLength: 4 }), { minLength: count, maxLength: count }),
      );
    fc.assert(
      fc.property(graph, (edges) => {
        const place = new Map(
          components(edges.length, (node) => edges[node]!).flatMap((c, i) => c.map((node) => [node, i])),
        );
        for (const [from] of edges.entries()) {
          const reached = reach(edges, from);
          for (const to of reached) {
            expect(place.get(to)! <= place.get(from)!).toBe(true);
            expect(place.get(to) === place.get(from)).toBe(to === from || reach(edges, to).has(from));
          }
        }
      }),
    );
  });

  it("takes a chain of 100,000 nodes", () => {
    expect(components(100_000, (node) => (node < 99_999 ? [node + 1] : []))).toHaveLength(100_000);
  });
});

function reach(edges: readonly number[][], from: number): Set<number> {
  const reached = new Set(edges[from]);
  for (const node of reached) for (const to of edges[node]!) reached.add(to);
  return reached;
}
