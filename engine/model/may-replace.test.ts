import { describe, expect, test } from "vitest";
import { mayReplace } from "./may-replace.ts";

describe("a policy may follow another", () => {
  const current = { epoch: 1, position: { AccessRole: "10", Membership: "5" } };
  const rows = [
    { name: "the same position", next: current, want: true },
    {
      name: "further in one kind",
      next: { epoch: 1, position: { AccessRole: "11", Membership: "5" } },
      want: true,
    },
    {
      name: "back in one kind",
      next: { epoch: 1, position: { AccessRole: "99", Membership: "4" } },
      want: false,
    },
    { name: "a kind is missing", next: { epoch: 1, position: { AccessRole: "99" } }, want: false },
    { name: "back, at a higher epoch", next: { epoch: 2, position: {} }, want: true },
    {
      name: "further, at a lower epoch",
      next: { epoch: 0, position: { AccessRole: "99", Membership: "99" } },
      want: false,
    },
  ];
  test.each(rows)("$name: $want", ({ next, want }) => {
    expect(mayReplace(current, next)).toBe(want);
  });

  test("any may be the first", () => {
    expect(mayReplace(undefined, { epoch: 0, position: {} })).toBe(true);
  });
});
