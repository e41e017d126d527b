import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { StreamWriter } from "./stream-writer.ts";

class Stream extends EventEmitter {
  readonly callbacks: (() => void)[] = [];
  takes = true;

  write(_bytes: Buffer, written: () => void): boolean {
    this.callbacks.push(written);
    return this.takes;
  }
}

function setUp() {
  const stream = new Stream();
  let calls = 0;
  const writer = new StreamWriter(stream, () => {
    calls++;
  });
  return { stream, writer, calls: () => calls };
}

describe("a stream writer", () => {
  test("writes small messages ahead", () => {
    const { writer } = setUp();
    for (let count = 0; count < 6; count++) {
      expect(writer.hasRoom).toBe(true);
      writer.write(Buffer.alloc(10 * 1024));
    }
    expect(writer.hasRoom).toBe(true);
    writer.write(Buffer.alloc(10 * 1024));
    expect(writer.hasRoom).toBe(false);
  });

  test("has one large message under way", () => {
    const { writer, stream, calls } = setUp();
    writer.write(Buffer.alloc(256 * 1024));
    expect(writer.hasRoom).toBe(false);
    stream.callbacks.shift()?.();
    expect(calls()).toBe(1);
    expect(writer.hasRoom).toBe(true);
  });

  test("stops when the stream is full until it drained", () => {
    const { writer, stream, calls } = setUp();
    stream.takes = false;
    writer.write(Buffer.alloc(1));
    stream.callbacks.shift()?.();
    expect(writer.hasRoom).toBe(false);
    stream.emit("drain");
    expect(calls()).toBe(2);
    expect(writer.hasRoom).toBe(true);
  });
});
