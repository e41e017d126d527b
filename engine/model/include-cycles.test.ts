import { expect, test } from "vitest";
import { role } from "../../test/worlds/build.ts";
import { findIncludeCycles } from "./include-cycles.ts";

const including = (name: string, ...includes: string[]) => role(name, { includes });

test("a role knows the circle that it is on, or that it reaches", () => {
  const cycles = findIncludeCycles([
    including("free", "leaf"),
    including("leaf", "gone"),
    including("reaches", "leaf", "a"),
    including("a", "b"),
    including("b", "a"),
    including("self", "self"),
  ]);
  const circle = { size: 2, names: ["a", "b"] };
  expect(Object.fromEntries(cycles)).toEqual({
    reaches: circle,
    a: circle,
    b: circle,
    self: { size: 1, names: ["self"] },
  });
});

test("a circle of 100,000 roles is found in one walk and told in a few names", () => {
  const count = 100_000;
  const roles = Array.from({ length: count }, (_, row) => including(`r${row}`, `r${(row + 1) % count}`));
  const cycles = findIncludeCycles(roles);
  expect(cycles.size).toBe(count);
  expect(cycles.get("r7")).toEqual({
    size: count,
    names: ["r0", "r1", "r10", "r100", "r1000", "r10000", "r10001", "r10002"],
  });
  expect(new Set(cycles.values()).size).toBe(1);
});
