import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../../engine/model/limits.ts";
import { BatchCheckRequest, CheckRequest } from "../../../proto/generated/decision.js";
import { type Json, toStruct } from "../../../proto/struct.ts";
import { RequestError } from "../request-error.ts";
import { readBatch, readCheck } from "./read-check.ts";

const checks = fc.record({
  domain: fc.string(),
  subject: fc.option(
    fc.record({ kind: fc.string(), name: fc.string(), groups: fc.array(fc.string()), attributes: struct() }),
  ),
  permission: fc.string(),
  scope: fc.string(),
  resource: fc.option(fc.record({ name: fc.string(), attributes: struct() })),
  context: struct(),
  activeRoles: fc.array(fc.string()),
  token: fc.string(),
  minPosition: fc.array(fc.string()),
  explain: fc.boolean(),
});

function struct() {
  return fc.option(fc.dictionary(fc.string(), fc.constantFrom(1, "x", null, true)).map(toStruct));
}

/** A context of 200 lists in one another, which the encoder refuses. */
function deepContext(): Buffer {
  const part = (tag: number, content: Buffer) => {
    const { length } = content;
    const size = length < 128 ? [length] : [(length & 127) | 128, length >>> 7];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
  };
  let value = Buffer.from([0x20, 0x01]);
  for (let level = 0; level < 200; level++) value = part(0x32, part(0x0a, value));
  return part(0x32, part(0x0a, Buffer.concat([part(0x0a, Buffer.from("a")), part(0x12, value)])));
}

const fieldOf = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    return error instanceof RequestError ? error.field : error;
  }
  return undefined;
};

describe("readCheck", () => {
  test("reads what was encoded, large messages too", () => {
    fc.assert(
      fc.property(checks, fc.constantFrom(0, 40_000), (check, padding) => {
        // An unknown field makes the message large enough to be scanned.
        const large = Buffer.concat([CheckRequest.encode(check).finish(), unknownField(padding)]);
        expect(readCheck(large)).toEqual(CheckRequest.decode(CheckRequest.encode(check).finish()));
      }),
    );
  });

  test("takes attributes and contexts that nest as deep as the limit, and says what is wrong with deeper ones", () => {
    const nested = (depth: number) => {
      let value: Json = 1;
      for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
      return toStruct({ value });
    };
    const encoded = (depth: number) => {
      const subject = { kind: "User", name: "ann", groups: [], attributes: nested(depth) };
      return CheckRequest.encode({ subject, context: nested(depth) }).finish();
    };
    expect(fieldOf(() => readCheck(encoded(limits.attributeDepth)))).toBeUndefined();
    expect(() => readCheck(deepContext())).toThrow("may be nested 48 deep");
  });

  test("answers any bytes with a check or a RequestError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 40_000), (bytes, padding) => {
        const found = fieldOf(() => readCheck(Buffer.concat([unknownField(padding), bytes])));
        expect([undefined, "request"]).toContain(found);
      }),
    );
  });

  const many = (count: number) => Array.from({ length: count }, () => "x".repeat(16));
  const rows = [
    [
      "subject.groups",
      { subject: { groups: many(limits.groups) } },
      { subject: { groups: many(limits.groups + 1) } },
    ],
    [
      "subject.attributes",
      { subject: { attributes: big(30_000) } },
      { subject: { attributes: big(32_769) } },
    ],
    [
      "resource.attributes",
      { resource: { attributes: big(30_000) } },
      { resource: { attributes: big(32_769) } },
    ],
    ["context", { context: big(30_000) }, { context: big(32_769) }],
    ["active_roles", { activeRoles: many(64) }, { activeRoles: many(65), token: "x".repeat(40_000) }],
    ["min_position", { minPosition: many(16) }, { minPosition: many(17), token: "x".repeat(40_000) }],
  ] as const;

  test.each(rows)("holds %s to its limit before it decodes", (field, within, beyond) => {
    expect(fieldOf(() => readCheck(CheckRequest.encode(within).finish()))).toBeUndefined();
    expect(fieldOf(() => readCheck(CheckRequest.encode(beyond).finish()))).toBe(field);
  });

  test("counts a list that is spread over several subjects as one", () => {
    const half = CheckRequest.encode({ subject: { groups: many(3000) } }).finish();
    expect(fieldOf(() => readCheck(Buffer.concat([half, half])))).toBe("subject.groups");
  });
});

describe("readBatch", () => {
  test("takes a batch apart into its checks", () => {
    fc.assert(
      fc.property(fc.array(checks, { maxLength: 20 }), (batch) => {
        const bytes = BatchCheckRequest.encode({ checks: batch }).finish();
        expect(readBatch(bytes).map(readCheck)).toEqual(BatchCheckRequest.decode(bytes).checks);
      }),
    );
  });

  test("answers any bytes with checks or a RequestError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect([undefined, "request"]).toContain(fieldOf(() => readBatch(Buffer.from(bytes))));
      }),
    );
  });

  test("stops at the first check too many", () => {
    const empties = (count: number) => Buffer.alloc(2 * count, Buffer.from([0x0a, 0]));
    expect(readBatch(empties(limits.batch))).toHaveLength(limits.batch);
    expect(fieldOf(() => readBatch(empties(2_000_000)))).toBe("checks");
    expect(fieldOf(() => readBatch(Buffer.alloc(4_000_000, Buffer.from([0x78, 0]))))).toBe("checks");
  });
});

function big(bytes: number) {
  return toStruct({ key: "x".repeat(bytes - 100 > 32_000 ? bytes : bytes - 100) });
}

/** Field 100, of no message. */
function unknownField(size: number): Buffer {
  const tag = Buffer.from([0xa2, 0x06, (size & 0x7f) | 0x80, ((size >> 7) & 0x7f) | 0x80, size >> 14]);
  return Buffer.concat([tag, Buffer.alloc(size)]);
}
