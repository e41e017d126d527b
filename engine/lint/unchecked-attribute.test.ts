import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { binding, role } from "../../test/worlds/build.ts";
import { uncheckedAttribute } from "./unchecked-attribute.ts";

const rule = { resources: ["logs"], verbs: ["view"] };

it("warns of attributes without has(), in rules and bindings, and says what comes of it", () => {
  const viewer = role("viewer", {
    rules: [
      { ...rule, when: "context.mfa" },
      { ...rule, effect: "Deny", when: 'resource.attributes.owner != "x"' },
    ],
  });
  const bound = binding("b", "viewer", "User:ann", "platform", { when: 'member.attributes.team == "red"' });
  expect(findingsOf(uncheckedAttribute, viewer, bound)).toEqual([
    "AccessRole/viewer spec.rules[0].when: where context.mfa is missing, the rule allows nothing",
    "AccessRole/viewer spec.rules[1].when: where resource.attributes.owner is missing, the rule denies",
    "AccessRoleBinding/b spec.when: where member.attributes.team is missing, the Allow rules of the role do not count and its Deny rules do",
  ]);
});

it("is content with conditions that ask first, or need no attributes", () => {
  const viewer = role("viewer", {
    rules: [
      rule,
      { ...rule, when: "has(context.mfa) && context.mfa" },
      { ...rule, when: 'scope.kind == "Platform"' },
    ],
  });
  expect(findingsOf(uncheckedAttribute, viewer, binding("b", "viewer", "User:ann", "platform"))).toEqual([]);
});
