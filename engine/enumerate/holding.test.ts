import { expect, test } from "vitest";
import { DependencyList } from "./holding.ts";

test("Dependencies are named once, in the order in which they came", () => {
  const found = new DependencyList();
  found.add("Group", "idp");
  found.addNames("Names", ["a", "b*"]);
  found.addNames("Names", []);
  found.add("Condition", "a, b*");
  found.addNames("Names", ["a", "b*"]);
  expect(found.list()).toEqual([
    { kind: "Group", detail: "idp" },
    { kind: "Names", detail: "a, b*" },
    { kind: "Condition", detail: "a, b*" },
  ]);
});

test("Beyond 32 of them it is told how many are left out", () => {
  const found = new DependencyList();
  for (let i = 0; i < 40; i++) found.add("Condition", `context.a == ${i}`);
  const list = found.list();
  expect(list).toHaveLength(33);
  expect(list.at(-1)).toEqual({ kind: "More", detail: "8 more" });
});

test("Of many names as many are told as fit in 4,096 characters", () => {
  const found = new DependencyList();
  found.addNames(
    "DenyNames",
    Array.from({ length: 256 }, (_, i) => `${i}`.padStart(2048, "x")),
  );
  const [dependency] = found.list();
  expect(dependency!.detail.length).toBeLessThan(4200);
  expect(dependency!.detail).toMatch(/^x+0, 255 more$|^x+0, x+1, 254 more$/);
});
