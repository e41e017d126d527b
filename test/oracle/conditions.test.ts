import { expect, it } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build, role } from "../worlds/build.ts";
import { acme, NOW, question } from "./acme.ts";
import { createOracle } from "./oracle.ts";
import type { OracleRequest } from "./request.ts";

const stored = acme.map((object) => {
  const attributes = { from: object.kind };
  const hasAttributes = ["Organization", "Workspace", "Environment", "Membership"].includes(object.kind);
  return (hasAttributes ? { ...object, spec: { ...object.spec, attributes } } : object) as SidegateObject;
});

function outcome(
  effect: "Allow" | "Deny",
  when: { rule?: string; binding?: string },
  request: Partial<OracleRequest> = {},
) {
  const everything = { resources: ["*"], verbs: ["*"] };
  const objects = [
    role("all", { rules: [everything] }),
    role("some", { rules: [{ ...everything, effect, ...(when.rule && { when: when.rule }) }] }),
    binding("some", "some", "User:ann", "platform", when.binding ? { when: when.binding } : {}),
    ...(effect === "Deny" ? [binding("all", "all", "User:ann", "platform")] : []),
  ];
  return createOracle([...stored, ...objects]).decide({ ...question, ...request }, NOW).outcome;
}

const sent: Partial<OracleRequest> = {
  groups: ["staff"],
  resourceName: "d1",
  subjectAttributes: { level: 3 },
  resourceAttributes: { owner: "ann" },
  context: { mfa: true },
};

it.each([
  "subject.kind == 'User' && subject.name == 'ann'",
  "subject.groups == ['staff']",
  "subject.attributes.level == 3",
  "resource.type == 'doc' && resource.name == 'd1'",
  "resource.attributes.owner == subject.name",
  "context.mfa",
  "member.attributes.from == 'Membership'",
  "scope.kind == 'Environment' && scope.name == 'prod' && scope.attributes.from == 'Environment'",
  "organization.name == 'acme' && organization.attributes.from == 'Organization'",
  "!has(workspace.name) && !has(token.claims) && !has(scope.type)",
  "now == timestamp('2024-06-01T00:00:00Z')",
])("an Allow rule, or a binding, with the condition %s matches", (when) => {
  expect(outcome("Allow", { rule: when }, sent)).toBe("Allowed");
  expect(outcome("Allow", { binding: when }, sent)).toBe("Allowed");
  expect(outcome("Deny", { rule: when, binding: when }, sent)).toBe("ExplicitDeny");
});

it.each([
  ["workspace.name == 'lab'", "environment/prod"],
  ["member.attributes.from == 'Membership'", "platform"],
  ["has(member.attributes.from) || false", "platform"],
  ["scope.name == ''", "platform"],
  ["resource.name == ''", "environment/prod"],
  ["token.claims.sub == 'ann'", "environment/prod"],
  ["context.missing", "environment/prod"],
  ["1 +", "environment/prod"],
])("the condition %s is an error at %s: no match for Allow, a match for Deny", (when, scope) => {
  const request = { scope, permission: scope === "platform" ? "sys:run" : "doc:view" };
  expect(outcome("Allow", { rule: when }, request)).toBe("NoGrant");
  expect(outcome("Allow", { binding: when }, request)).toBe("NoGrant");
  expect(outcome("Deny", { rule: when }, request)).toBe("ExplicitDeny");
  expect(outcome("Deny", { binding: when }, request)).toBe("ExplicitDeny");
});

it("a Deny does not count where one condition on the way is false", () => {
  expect(outcome("Deny", { rule: "false", binding: "context.missing" })).toBe("Allowed");
  expect(outcome("Deny", { rule: "true", binding: "false" })).toBe("Allowed");
});

it("reads the claims of a token", () => {
  const policy = build("TokenPolicy", "t", {
    issuer: "i",
    audiences: ["a"],
    keys: { jwks: "{}" },
    narrowing: { claim: "n", selectors: [{ pattern: "x:*", attribute: "x" }], absent: "Allow" },
  });
  const all = role("all", {
    rules: [{ resources: ["*"], verbs: ["*"], when: "token.claims.tier == 'gold'" }],
  });
  const oracle = createOracle([...acme, policy, all, binding("b", "all", "User:ann", "platform")]);
  const token = (tier: string) => ({ claims: { iss: "i", aud: "a", sub: "ann", tier } });
  expect(oracle.decide({ ...question, token: token("gold") }, NOW).outcome).toBe("Allowed");
  expect(oracle.decide({ ...question, token: token("tin") }, NOW).outcome).toBe("NoGrant");
});
