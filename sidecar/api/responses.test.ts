import { describe, expect, test } from "vitest";
import { ALLOWED, type Decision, denial, outcomes } from "../../engine/decide/decision.ts";
import { CheckResponse, Disclosure, Level, Reason } from "../../proto/generated/decision.js";
import { policyOf } from "../../test/integration/sidecar-fixture.ts";
import { encodedResponse, responseTo } from "./responses.ts";

const policy = policyOf([]);
const denials = outcomes.filter((outcome) => outcome !== "InvalidRequest" && outcome !== "Allowed");
const respond = (decision: Decision) => CheckResponse.decode(encodedResponse(policy, decision));

describe.each(denials)("%s", (outcome) => {
  test("as Forbidden has a public reason", () => {
    const response = respond(denial(outcome, "Forbidden"));
    expect(response).toMatchObject({
      allowed: false,
      disclosure: Disclosure.FORBIDDEN,
      revision: policy.revision,
    });
    expect(Reason.REASON_UNSPECIFIED).not.toBe(response.reason);
    expect(response.publicReason).toBe(response.reason);
  });

  test("as NotFound has none", () => {
    const response = respond(denial(outcome, "NotFound"));
    expect(response).toMatchObject({ allowed: false, disclosure: Disclosure.NOT_FOUND });
    expect(response.publicReason).toBe(Reason.REASON_UNSPECIFIED);
  });
});

test("each outcome has a reason of its own", () => {
  const reasons = denials.map((outcome) => respond(denial(outcome, "Forbidden")).reason);
  expect(new Set([...reasons, Reason.ALLOWED]).size).toBe(denials.length + 1);
});

test("Allowed has no disclosure", () => {
  expect(respond(ALLOWED)).toMatchObject({
    allowed: true,
    reason: Reason.ALLOWED,
    publicReason: Reason.ALLOWED,
    disclosure: Disclosure.DISCLOSURE_UNSPECIFIED,
    level: Level.LEVEL_UNSPECIFIED,
  });
});

test("levels are numbered alike in the engine and on the wire", () => {
  for (const level of [1, 2, 3, 4] as const) {
    expect(respond(denial("WrongLevel", "Forbidden", level)).level).toBe(level);
  }
});

test("a response is encoded once per policy and decision", () => {
  expect(encodedResponse(policy, ALLOWED)).toBe(encodedResponse(policy, ALLOWED));
  const other = policyOf([], {}, "other");
  expect(encodedResponse(other, ALLOWED)).not.toBe(encodedResponse(policy, ALLOWED));
});

test("an invalid request has no response", () => {
  const invalid: Decision = {
    outcome: "InvalidRequest",
    disclosure: "None",
    level: 0,
    field: "scope",
    detail: "",
  };
  expect(() => responseTo(policy, invalid)).toThrow();
});
