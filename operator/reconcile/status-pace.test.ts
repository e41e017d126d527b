import { beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { KubeError } from "../kube/kube-error.ts";
import { StatusPace } from "./status-pace.ts";

let clock: ManualClock;
let pace: StatusPace;

beforeEach(() => {
  clock = new ManualClock();
  pace = new StatusPace(clock);
});

/** The waits of the operator that is refused each time, until they grow no longer. */
async function waits(error: Error): Promise<number[]> {
  const found: number[] = [];
  while (found.at(-1) === undefined || found.at(-1) !== found.at(-2)) {
    pace.writes("k");
    pace.failed("k", 1, error);
    const wait = pace.restOf("k", 1);
    found.push(wait);
    await clock.advance(wait);
    expect(pace.restOf("k", 1)).toBe(0);
  }
  return found;
}

describe("a status that is refused", () => {
  test.each([
    ["as it is", new KubeError(500, "HTTP500", "field not declared in schema"), 300_000],
    ["as invalid", new KubeError(422, "Invalid", "no"), 300_000],
    ["for want of a right", new KubeError(403, "Forbidden", "no"), 60_000],
    ["by a server that is too busy", new KubeError(429, "TooManyRequests", "later"), 10_000],
    ["by nobody: the server is away", new KubeError(0, "Unreachable", "gone"), 10_000],
  ])("%s is tried again after waits that grow", async (_name, error, longest) => {
    const found = await waits(error);
    expect(found.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(found.at(-1)).toBe(longest);
  });

  test("is news once", () => {
    const refusal = new KubeError(500, "HTTP500", "field not declared in schema");
    expect([pace.failed("k", 1, refusal), pace.failed("k", 1, refusal)]).toEqual([true, false]);
    expect(pace.failed("k", 1, new KubeError(403, "Forbidden", "no"))).toBe(true);
    expect(pace.failed("other", 1, refusal)).toBe(true);
  });

  test("is tried at once when somebody changed the object", async () => {
    for (let count = 0; count < 9; count++) pace.failed("k", 1, new KubeError(422, "Invalid", "no"));
    await clock.advance(1_000);
    expect([pace.restOf("k", 1), pace.restOf("k", 2)]).toEqual([255_000, 0]);
  });

  test("is as any other once it was taken", async () => {
    pace.failed("k", 1, new KubeError(422, "Invalid", "no"));
    pace.failed("k", 1, new KubeError(422, "Invalid", "no"));
    pace.writes("k");
    pace.wrote("k");
    expect(pace.restOf("k", 1)).toBe(1_000);
  });
});
