import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { binding, build } from "../../test/worlds/build.ts";
import { declaredGrantsOfMember } from "./declared-grants-of-member.ts";

const prod = build("Environment", "prod", { organization: "acme" });
const membership = build("Membership", "acme-ann", {
  organization: "acme",
  subject: { kind: "User", name: "ann" },
});

it("notes the bindings that are declared beside a Membership", () => {
  const found = findingsOf(
    declaredGrantsOfMember,
    prod,
    membership,
    binding("b2", "viewer", "User:ann", "environment/prod"),
    binding("b1", "admin", ["User:bob", "User:ann"], "organization/acme"),
  );
  expect(found).toEqual([
    'Membership/acme-ann spec.subject: User "ann" has declared bindings in "acme": b1, b2',
  ]);
});

it("says nothing of bindings elsewhere and of other subjects", () => {
  const found = findingsOf(
    declaredGrantsOfMember,
    prod,
    membership,
    binding("b1", "viewer", "User:ann", "platform"),
    binding("b2", "viewer", ["ServiceAccount:ann", "Group:ann"], "environment/prod"),
  );
  expect(found).toEqual([]);
});
