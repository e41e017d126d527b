import { expect, it } from "vitest";
import { complaint, type Law } from "./law.ts";

/** Makes a test of each law. The cases differ from run to run; a failure tells the seed. */
export function checkLaws(laws: readonly Law[]): void {
  it.each(laws)("$sentence", { timeout: 120_000 }, (law) => {
    expect(complaint(law, law.check({ runs: law.runs }))).toBeUndefined();
  });
}
