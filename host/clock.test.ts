import { expect, it } from "vitest";
import { createSystemClock } from "./clock.ts";

it("calls soon, and without a warning of Node's, for an instant that has passed", async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on("warning", warn);
  try {
    await new Promise<void>((resolve) => createSystemClock().after(-0.06, resolve));
    // Warnings are emitted in a tick of their own.
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  } finally {
    process.off("warning", warn);
  }
});
