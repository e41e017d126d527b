import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ShardChunk } from "../../proto/generated/delivery.js";
import { ShardReceiver } from "./shard-receiver.ts";

const limits = { chunkBytes: 4, shardBytes: 10, policyBytes: 16, shards: 3 };
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const hex = (bytes: Uint8Array) => digest(bytes).toString("hex");

function chunks(content: string, size = 4): ShardChunk[] {
  const bytes = Buffer.from(content);
  const made: ShardChunk[] = [];
  for (let start = 0; start === 0 || start < bytes.length; start += size) {
    const data = bytes.subarray(start, start + size);
    made.push({ domain: "shop", hash: digest(bytes), data, last: start + size >= bytes.length });
  }
  return made;
}

function receive(...contents: string[]): ShardReceiver {
  const receiver = new ShardReceiver(limits);
  for (const content of contents) for (const chunk of chunks(content)) receiver.take(chunk);
  return receiver;
}

describe("shards", () => {
  test("are put together from any number of chunks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 300 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        (contents, size) => {
          const roomy = { chunkBytes: 40, shardBytes: 10_000, policyBytes: 100_000, shards: 10 };
          const receiver = new ShardReceiver(roomy);
          for (const content of contents) for (const chunk of chunks(content, size)) receiver.take(chunk);
          for (const content of contents) {
            const bytes = Buffer.from(content);
            expect(Buffer.from(receiver.get(hex(bytes)) ?? [])).toEqual(bytes);
          }
          const distinct = [...new Set(contents)].reduce(
            (sum, content) => sum + Buffer.byteLength(content),
            0,
          );
          expect(receiver.bytes).toBe(distinct);
        },
      ),
    );
  });

  test("sent twice are held once", () => {
    const receiver = receive("abcdef", "abcdef");
    expect(receiver.bytes).toBe(6);
  });
});

describe("a chunk is refused", () => {
  const [head, tail] = chunks("abcdef") as [ShardChunk, ShardChunk];
  const rows = [
    { name: "larger than a chunk may be", send: [{ ...head, data: Buffer.alloc(5) }], code: "SG2005" },
    { name: "that makes a shard too large", send: chunks("abcdefghijk"), code: "SG2005" },
    {
      name: "that makes all shards too large",
      send: [...chunks("0123456789"), ...chunks("abcdefg")],
      code: "SG2005",
    },
    {
      name: "of one shard too many",
      send: ["a", "b", "c", "d"].flatMap((content) => chunks(content)),
      code: "SG2005",
    },
    { name: "with a hash that is none", send: [{ ...head, hash: Buffer.alloc(3) }], code: "SG2006" },
    { name: "of another shard before the last ended", send: [head, ...chunks("xy")], code: "SG2006" },
    { name: "empty in the middle", send: [{ ...head, data: Buffer.alloc(0) }], code: "SG2006" },
    {
      name: "with other content than announced",
      send: [head, { ...tail, data: Buffer.from("eX") }],
      code: "SG2002",
    },
    { name: "that is missing the end", send: [{ ...head, last: true }], code: "SG2002" },
  ];
  test.each(rows)("$name", ({ send, code }) => {
    const receiver = new ShardReceiver(limits);
    const takeAll = () => {
      for (const chunk of send) receiver.take(chunk);
    };
    expect(takeAll).toThrow(expect.objectContaining({ code }));
    expect(receiver.get(hex(Buffer.from("abcdef")))).toBeUndefined();
  });
});

describe("verified shards", () => {
  test("outlive a broken stream, unfinished ones do not", () => {
    const receiver = receive("abc");
    const [head, tail] = chunks("abcdef") as [ShardChunk, ShardChunk];
    receiver.take(head);
    receiver.interrupt();
    expect(receiver.announce()).toEqual([hex(Buffer.from("abc"))]);
    expect(() => receiver.take(tail)).toThrow(expect.objectContaining({ code: "SG2002" }));
  });

  test("that were announced outlive a refused policy, those sent for it do not", () => {
    const receiver = receive("abc");
    receiver.announce();
    for (const chunk of chunks("xyz")) receiver.take(chunk);
    receiver.dropUnannounced();
    expect(receiver.get(hex(Buffer.from("abc")))).toBeDefined();
    expect(receiver.get(hex(Buffer.from("xyz")))).toBeUndefined();
    expect(receiver.bytes).toBe(3);
  });

  test("are let go once a policy is in use", () => {
    const receiver = receive("abc");
    receiver.clear();
    expect(receiver.bytes).toBe(0);
    expect(receiver.announce()).toEqual([]);
  });
});
