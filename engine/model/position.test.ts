import { describe, expect, it } from "vitest";
import { compareResourceVersions, hasReached, isResourceVersion } from "./position.ts";

describe("Positions", () => {
  it.each([
    ["9", "10", -1],
    ["10", "10", 0],
    ["100", "99", 1],
    ["9007199254740993", "9007199254740992", 1],
  ])("compare as integers of any length: %s and %s", (a, b, wanted) => {
    expect(Math.sign(compareResourceVersions(a, b))).toBe(wanted);
  });

  it.each(["", "01", "-1", "1e3", "abc", "1".repeat(40)])("refuse %j", (text) => {
    expect(isResourceVersion(text)).toBe(false);
  });

  it("are reached when every kind is", () => {
    const position = { AccessRole: "10", AccessRoleBinding: "12" };
    expect(hasReached(position, { AccessRoleBinding: "12" })).toBe(true);
    expect(hasReached(position, { AccessRoleBinding: "12", AccessRole: "11" })).toBe(false);
    expect(hasReached(position, { Organization: "1" })).toBe(false);
    expect(hasReached(position, {})).toBe(true);
  });
});
