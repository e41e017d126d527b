import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Condition, TokenPolicy } from "../../engine/model/objects.generated.ts";
import { anObject } from "../../test/support/objects.ts";
import { describeKeys } from "./describe-keys.ts";
import type { KeyFailure, KeyState } from "./key-keeper.ts";

const address = "https://issuer/keys";
const now = Date.UTC(2026, 0, 1, 12, 0, 0, 500);
const at = (hour: number) => `2026-01-01T${String(hour).padStart(2, "0")}:00:00Z`;
const setOf = (...kids: string[]) => {
  const jwk = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  return JSON.stringify({ keys: kids.map((kid) => ({ ...jwk, alg: "EdDSA", kid })) });
};
const [one, two, none] = [setOf("a"), setOf("a", "b"), '{"keys":[]}'];

function policyOf(status?: TokenPolicy["status"], keys: object = { jwksURL: address }): TokenPolicy {
  const spec = { issuer: "issuer", audiences: ["a"], keys, narrowing: { claim: "c", selectors: [] } };
  return { ...anObject("TokenPolicy", "p", spec), ...(status && { status }) };
}
const held = (jwks: string, hour: number, source = address) => ({ jwks, source, fetchedAt: at(hour) });
const fetched = (jwks: string, time = now) => ({
  jwks,
  count: 1,
  ignored: [],
  maxAgeMs: undefined,
  at: time,
});
const state = (more: Partial<KeyState>): KeyState => ({
  address,
  fetched: undefined,
  failure: undefined,
  ...more,
});
const failure = (more: Partial<KeyFailure> = {}): KeyFailure => ({
  reason: "Unreachable",
  detail: "down",
  since: Date.UTC(2026, 0, 1, 11),
  ...more,
});
const ready = (status: "True" | "False", reason: string, since = at(9)): Condition => ({
  ...{ type: "KeysReady", status, reason, message: "said before", lastTransitionTime: since },
});

describe("the status says", () => {
  test("nothing of keys that a policy has itself", () => {
    const before = { keySet: held(one, 9), conditions: [ready("True", "Fetched")] };
    expect(describeKeys(policyOf(before, { jwks: one }), undefined, now)).toEqual({
      fields: {},
      conditions: [],
      note: "",
    });
  });

  test("nothing before the first fetch", () => {
    expect(describeKeys(policyOf(), undefined, now)).toEqual({ fields: {}, conditions: [], note: "" });
    expect(describeKeys(policyOf(), state({}), now)).toEqual({ fields: {}, conditions: [], note: "" });
  });

  test("what was fetched, and when", () => {
    const ignored = [{ place: 1, why: "is symmetric" }];
    expect(describeKeys(policyOf(), state({ fetched: { ...fetched(two), ignored } }), now)).toEqual({
      fields: { keySet: held(two, 12) },
      conditions: [
        {
          type: "KeysReady",
          status: "True",
          reason: "Fetched",
          message: `2 keys of ${address}; left out: the key at place 1 is symmetric`,
        },
      ],
      note: "",
    });
  });

  test("no new time while the keys are the same", () => {
    const report = describeKeys(policyOf({ keySet: held(one, 9) }), state({ fetched: fetched(one) }), now);
    expect(report).toMatchObject({
      fields: { keySet: held(one, 9) },
      conditions: [{ status: "True", message: `1 key of ${address}` }],
    });
  });

  test("that an issuer has no key that can be used", () => {
    const ignored = Array.from({ length: 7 }, (_, place) => ({ place, why: "is private" }));
    const report = describeKeys(
      policyOf({ keySet: held(one, 9) }),
      state({ fetched: { ...fetched(none), ignored } }),
      now,
    );
    expect(report).toMatchObject({
      fields: { keySet: held(none, 12) },
      conditions: [
        {
          status: "False",
          reason: "Invalid",
          message: expect.stringMatching(/so no token is valid; .*; and 2 more$/),
        },
      ],
      note: "",
    });
  });

  test("since when an issuer can not be reached, and that its keys stay in use", () => {
    const before = { keySet: held(one, 9), conditions: [ready("True", "Fetched")] };
    expect(describeKeys(policyOf(before), state({ failure: failure() }), now)).toEqual({
      fields: { keySet: held(one, 9) },
      conditions: [
        {
          type: "KeysReady",
          status: "False",
          reason: "Unreachable",
          message: `${address} can not be fetched since ${at(11)}: down; the keys of ${at(9)} stay in use`,
        },
      ],
      note: "",
    });
  });

  test("since before this process began, if that is so", () => {
    const before = { keySet: held(one, 9), conditions: [ready("False", "Unreachable", at(10))] };
    const [condition] = describeKeys(policyOf(before), state({ failure: failure() }), now).conditions;
    expect(condition?.message).toContain(`since ${at(10)}`);
  });

  test("that no keys are known", () => {
    const report = describeKeys(
      policyOf(),
      state({ failure: failure({ reason: "Invalid", detail: "no JSON" }) }),
      now,
    );
    expect(report).toEqual({
      fields: {},
      conditions: [
        {
          type: "KeysReady",
          status: "False",
          reason: "Invalid",
          message: `${address} gives no key set since ${at(11)}: no JSON; no keys are known, so no token is valid`,
        },
      ],
      note: "",
    });
  });

  test("after a restart, what it said before, until there is news", () => {
    const before = { keySet: held(one, 9), conditions: [ready("True", "Fetched")] };
    const { lastTransitionTime: _, ...said } = ready("True", "Fetched");
    const report = { fields: { keySet: held(one, 9) }, conditions: [said], note: "" };
    expect(describeKeys(policyOf(before), undefined, now)).toEqual(report);
    expect(describeKeys(policyOf(before), state({}), now)).toEqual(report);
  });
});

describe("keys", () => {
  test("of another address go, whatever is known of it", () => {
    const before = { keySet: held(one, 9, "https://old"), conditions: [ready("True", "Fetched")] };
    expect(describeKeys(policyOf(before), undefined, now)).toEqual({ fields: {}, conditions: [], note: "" });
    const old = { ...state({ fetched: fetched(one) }), address: "https://old" };
    expect(describeKeys(policyOf(before), old, now)).toEqual({ fields: {}, conditions: [], note: "" });
  });

  test("that another operator fetched later stay", () => {
    const before = { keySet: held(two, 11) };
    const earlier = state({ fetched: fetched(one, Date.UTC(2026, 0, 1, 10)) });
    expect(describeKeys(policyOf(before), earlier, now).fields).toEqual({ keySet: held(two, 11) });
  });

  test("of a time that has not come are replaced", () => {
    const before = { keySet: held(two, 20) };
    expect(describeKeys(policyOf(before), state({ fetched: fetched(one) }), now).fields).toEqual({
      keySet: held(one, 12),
    });
  });
});
