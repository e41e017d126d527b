import { expect, test } from "vitest";
import { selectKey } from "./select-key.ts";

const a = { alg: "EdDSA", kid: "a" };
const b = { alg: "EdDSA", kid: "b" };
const c = { alg: "RS256", kid: "a" };
const d = { alg: "PS256" };
const keys = [a, b, c, d];

test.each([
  ["by id", { alg: "EdDSA", kid: "b" }, b],
  ["by id and algorithm", { alg: "RS256", kid: "a" }, c],
  ["without id, the only one of the algorithm", { alg: "PS256", kid: undefined }, d],
  ["without id, also if the key has one", { alg: "RS256", kid: undefined }, c],
  ["without id, among several", { alg: "EdDSA", kid: undefined }, /names no key id, and several keys/],
  ["unknown id", { alg: "EdDSA", kid: "z" }, /no key of the policy has the key id/],
  ["empty id", { alg: "PS256", kid: "" }, /no key of the policy has the key id/],
  [
    "another algorithm than the key's",
    { alg: "RS512", kid: "a" },
    /for the algorithm of the token and its key id/,
  ],
  ["an algorithm of no key", { alg: "none", kid: undefined }, /for the algorithm of the token$/],
  ["an HMAC with the key's id", { alg: "HS256", kid: "a" }, /for the algorithm of the token and its key id/],
])("%s", (_name, hint, wanted) => {
  const found = selectKey(keys, hint);
  if (wanted instanceof RegExp) expect(found).toMatch(wanted);
  else expect(found).toBe(wanted);
});

test("two keys of one id and algorithm are none", () => {
  expect(selectKey([a, { ...a }], { alg: "EdDSA", kid: "a" })).toMatch(/several keys of the policy/);
});

test("without keys nothing is selected", () => {
  expect(selectKey([], { alg: "EdDSA", kid: "a" })).toMatch(/no keys of the policy are known/);
});
