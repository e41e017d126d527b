import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeStatement, type Statement } from "./statement.ts";

const statement: Statement = {
  domain: "shop",
  revision: "ab",
  epoch: 1,
  position: { Organization: "7", AccessRole: "12" },
  issuedAt: 1_767_225_600_000,
};

const statements: fc.Arbitrary<Statement> = fc.record({
  domain: fc.string({ unit: "grapheme" }),
  revision: fc.string(),
  epoch: fc.maxSafeNat(),
  position: fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), { maxKeys: 3 }),
  issuedAt: fc.maxSafeNat(),
});

const hexOf = (value: Statement) => Buffer.from(encodeStatement(value)).toString("hex");
const canonical = ({ position, ...rest }: Statement) =>
  JSON.stringify([rest.domain, rest.revision, rest.epoch, rest.issuedAt, Object.entries(position).sort()]);

describe("a statement's bytes", () => {
  test("are those of the documented form", () => {
    const parts = [
      ["00000020", Buffer.from("sidegate.dev/policy-statement/v1").toString("hex")],
      ["00000004", Buffer.from("shop").toString("hex")],
      ["00000002", Buffer.from("ab").toString("hex")],
      ["0000000000000001", "0000019b76daa800", "00000002"],
      ["0000000a", Buffer.from("AccessRole").toString("hex"), "00000002", "3132"],
      ["0000000c", Buffer.from("Organization").toString("hex"), "00000001", "37"],
    ];
    expect(hexOf(statement)).toBe(parts.flat().join(""));
  });

  test("do not depend on the order of kinds", () => {
    const position = { AccessRole: "12", Organization: "7" };
    expect(hexOf({ ...statement, position })).toBe(hexOf(statement));
  });

  test("are the same for the same statement only", () => {
    fc.assert(
      fc.property(statements, statements, (a, b) => {
        expect(hexOf(a) === hexOf(b)).toBe(canonical(a) === canonical(b));
      }),
    );
  });

  test("differ where text moves from one field into the next", () => {
    const moved = { ...statement, domain: "shopa", revision: "b" };
    expect(hexOf(moved)).not.toBe(hexOf(statement));
    expect(hexOf({ ...statement, position: { A: "11" } })).not.toBe(
      hexOf({ ...statement, position: { A1: "1" } }),
    );
  });

  test.each([
    ["a lone surrogate", { domain: "\ud800" }],
    ["a lone surrogate in a kind", { position: { "\udc00": "1" } }],
    ["a fraction", { epoch: 0.5 }],
    ["a negative time", { issuedAt: -1 }],
    ["a number that is not exact", { issuedAt: 2 ** 53 }],
  ])("do not exist for %s", (_, part) => {
    expect(() => encodeStatement({ ...statement, ...part })).toThrow(RangeError);
  });
});
