import { expect, test } from "vitest";
import { hypotheticalGrant } from "../decide/standing-grant.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import { standingStates } from "./standing-states.ts";

/** Stands in for a shard of which only the windows are asked. */
const shard = (windows: readonly (readonly [number, number])[]) =>
  ({
    windowOf: (grant: number) => ({ notBefore: windows[grant]![0], expires: windows[grant]![1] }),
  }) as unknown as LoadedGrants;

/** Each window is of a grant of the role beside it; tells the roles of each state at noon. */
function states(...given: readonly (readonly [role: number, notBefore: number, expires: number])[]) {
  const grants = shard(given.map(([, notBefore, expires]) => [notBefore, expires]));
  const held = given.map(([role], grant) => ({ ...hypotheticalGrant(grants, 0, role, false), grant }));
  const found = standingStates(held, ({ role }) => role, 12);
  return [...found].map((state) => state.map(({ role }) => role).sort());
}

const never = Number.NEGATIVE_INFINITY;
const always = Number.POSITIVE_INFINITY;

test("What stands now comes first, then what begins and ends, each combination once", () => {
  expect(states()).toEqual([[]]);
  expect(states([1, never, always])).toEqual([[1]]);
  expect(states([1, 13, 14], [1, 15, 16])).toEqual([[], [1]]);
  expect(states([1, never, 14], [2, 14, always])).toEqual([[1], [2]]);
  expect(states([1, never, 14], [2, 13, always])).toEqual([[1], [1, 2], [2]]);
});

test("What is over, never begins or can not be read does not stand", () => {
  expect(states([1, never, 12], [2, always, always], [3, 14, 13], [4, Number.NaN, always])).toEqual([[]]);
});

test("Thousands of windows that make no difference are two states", () => {
  const windows = Array.from({ length: 5_000 }, (_, at) => [1, 13 + 2 * at, 14 + 2 * at] as const);
  expect(states(...windows)).toEqual([[], [1]]);
});
