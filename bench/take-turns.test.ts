import { expect, it } from "vitest";
import type { Figure, Line } from "./benchmark.ts";
import { questions, takeTurns } from "./take-turns.ts";

const facts = { unit: "us", count: 3 } as const;

it("asks in turn, numbered through, and reports a time for each counted round", async () => {
  const asked: string[] = [];
  const lines: Line[] = [];
  const contender = (what: string) =>
    questions(
      { ...facts, what },
      (number) => ({ number }),
      ({ number }) => asked.push(`${what}${number}`) > 0,
    );
  await takeTurns([contender("a"), contender("b")], 1, 1, (line) => lines.push(line));
  expect(asked.join(" ")).toBe("a0 a1 a2 b0 b1 b2 a3 a4 a5 b3 b4 b5");
  expect(lines.map((line) => [line.what, (line as Figure).samples.length])).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
});

it("fails on a wrong answer", async () => {
  const contender = questions(
    { ...facts, what: "parity" },
    (number) => number,
    (number) => number % 2 === 0,
  );
  await expect(takeTurns([contender], 1, 0, () => {})).rejects.toThrow("parity: 1 of 3 answers are wrong");
});
