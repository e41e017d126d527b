import { expect, test } from "vitest";
import { StaleBounds } from "./stale-bounds.ts";

test("a bound counts as it is, and as it becomes when it is raised", () => {
  const bounds = new StaleBounds();
  expect(bounds.longest("shop", 60, { read: "5", least: "5" }, 0)).toBe(60);
  expect(bounds.longest("shop", 300, { read: "6", least: "5" }, 1_000)).toBe(300);
});

test("one that was lowered counts on for who has not read it, as long as it was", () => {
  const bounds = new StaleBounds();
  bounds.longest("shop", 300, { read: "5", least: "5" }, 0);
  expect(bounds.longest("shop", 3, { read: "6", least: "5" }, 1_000)).toBe(300);
  expect(bounds.longest("shop", 3, { read: "9", least: "6" }, 2_000)).toBe(3);
  expect(bounds.longest("shop", 3, { read: "9", least: "5" }, 300_999)).toBe(300);
  expect(bounds.longest("shop", 3, { read: "9", least: "5" }, 301_001)).toBe(3);
});

test("one that an earlier process waited for counts on where it was lowered before the restart", () => {
  const bounds = new StaleBounds();
  expect(bounds.longest("shop", 3, { read: "6", least: "6" }, 0)).toBe(3);
  bounds.inherit("shop", 300);
  expect(bounds.longest("shop", 3, { read: "6", least: "5" }, 1_000)).toBe(300);
  expect(bounds.longest("shop", 3, { read: "6", least: "5" }, 301_001)).toBe(3);
});
