import { expect, it } from "vitest";
import type { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { ReviewClient } from "./review-client.ts";

it("turns questions away beyond those that may wait, and the others when the operator is not there", async () => {
  const client = new ReviewClient({
    operators: ["unix:/nonexistent/sidegate.sock"],
    clock: new ManualClock(Date.now()),
    random: () => 0,
    logger: silent,
  });
  const questions = Array.from({ length: 300 }, (_, place) =>
    client.review(`t${place}`, "").catch((error: unknown) => error as SidegateError),
  );
  const errors = (await Promise.all(questions)) as SidegateError[];
  expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["SG3304"]));
  expect(errors.filter(({ message }) => message.includes("other questions"))).toHaveLength(28);
  client.close();
});
