import { expect, test } from "vitest";
import { readLines } from "./read-lines.ts";

async function* chunks(...parts: (string | Buffer)[]) {
  for (const part of parts) yield Buffer.from(part as string);
}

async function linesOf(stream: AsyncIterable<Uint8Array>, maxBytes = 100) {
  const lines: string[] = [];
  await readLines(stream, maxBytes, (line) => lines.push(line));
  return lines;
}

test("lines are found however the bytes are cut", async () => {
  expect(await linesOf(chunks("one\ntw", "o", "\n\nthr", "ee\n"))).toEqual(["one", "two", "three"]);
});

test("a character cut in two is put together again", async () => {
  const bytes = Buffer.from("Zoë\n");
  expect(await linesOf(chunks(bytes.subarray(0, 3), bytes.subarray(3)))).toEqual(["Zoë"]);
});

test("what follows the last line feed is not a line", async () => {
  expect(await linesOf(chunks("one\ntwo"))).toEqual(["one"]);
});

test("a line that is too long is refused before it is complete", async () => {
  await expect(linesOf(chunks("x".repeat(60), "x".repeat(60)))).rejects.toThrow(RangeError);
});
