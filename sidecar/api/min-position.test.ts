import { expect, test } from "vitest";
import { readMinPosition } from "./min-position.ts";

test("of each kind the highest position counts", () => {
  const tokens = ["Organization:9", "AccessRole:3", "Organization:10", "Organization:2"];
  expect(readMinPosition(tokens)).toEqual({ Organization: "10", AccessRole: "3" });
  expect(readMinPosition([])).toEqual({});
});

test.each([
  "",
  ":",
  "Organization",
  "Organization:",
  ":5",
  "organization:5",
  "Pod:5",
  "__proto__:5",
  "Organization:05",
  "Organization:-1",
  "Organization:1e3",
  "Organization:5:5",
  " Organization:5",
  `Organization:${"9".repeat(40)}`,
])("%j is refused", (token) => {
  expect(() => readMinPosition(["AccessRole:3", token])).toThrow(
    expect.objectContaining({ field: "min_position" }),
  );
});
