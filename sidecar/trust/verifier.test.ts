import { describe, expect, test } from "vitest";
import type { Statement } from "../../engine/policy/statement.ts";
import { createTestKey } from "../../test/support/signing.ts";
import { createVerifier } from "./verifier.ts";

const [key, other] = [createTestKey("a"), createTestKey("b")];
const keys = new Map([
  [key.id, key.publicKey],
  [other.id, other.publicKey],
]);
const { verify } = createVerifier(keys);

const statement: Statement = {
  domain: "shop",
  revision: "ab".repeat(32),
  epoch: 2,
  position: { AccessRole: "12", Organization: "7" },
  issuedAt: 1_767_225_600_000,
};
const { signature } = key.sign(statement);
const distrust = (code: string) => expect.objectContaining({ code });

describe("a signature", () => {
  test("of a trusted key over the statement is good, whatever the order of kinds", () => {
    verify(statement, signature, "a");
    verify({ ...statement, position: { Organization: "7", AccessRole: "12" } }, signature, "a");
  });

  test.each<[string, Partial<Statement>]>([
    ["another domain", { domain: "bank" }],
    ["another revision", { revision: "cd".repeat(32) }],
    ["a higher epoch", { epoch: 3 }],
    ["a further position", { position: { AccessRole: "13", Organization: "7" } }],
    ["a kind less", { position: { AccessRole: "12" } }],
    ["a later time", { issuedAt: statement.issuedAt + 1 }],
  ])("is none for %s", (_, change) => {
    expect(() => verify({ ...statement, ...change }, signature, "a")).toThrow(distrust("SG2010"));
  });

  test("is none with any bit flipped", () => {
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const flipped = Buffer.from(signature);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => verify(statement, flipped, "a")).toThrow(distrust("SG2010"));
    }
  });

  test.each([
    ["that is missing", Buffer.alloc(0), "a", "SG2008"],
    ["that is cut", signature.subarray(0, 63), "a", "SG2010"],
    ["that is longer", Buffer.concat([signature, Buffer.alloc(1)]), "a", "SG2010"],
    ["of another trusted key than it says", signature, "b", "SG2010"],
    ["of an unknown key", signature, "c", "SG2009"],
    ["without a key", signature, "", "SG2009"],
  ])("%s is refused", (_, bytes, keyId, code) => {
    expect(() => verify(statement, bytes, keyId)).toThrow(distrust(code));
  });

  test("of a key that was taken away is refused", () => {
    const some = new Map(keys);
    const verifier = createVerifier(some);
    verifier.verify(statement, signature, "a");
    some.delete("a");
    expect(() => verifier.verify(statement, signature, "a")).toThrow(distrust("SG2009"));
  });

  test("that is refused names the key without flooding a log", () => {
    expect(() => verify(statement, signature, "k".repeat(10_000))).toThrow(/^.{0,250}$/);
  });
});
