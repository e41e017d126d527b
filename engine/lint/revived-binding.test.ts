import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { binding, build } from "../../test/worlds/build.ts";
import { revivedBinding } from "./revived-binding.ts";

const acme = build("Organization", "acme", {});
const prod = build("Environment", "prod", { organization: "acme" });
const member = (name: string, expiresAt?: string) =>
  build("Membership", name, {
    organization: "acme",
    subject: { kind: "User", name: "ann" },
    ...(expiresAt !== undefined && { expiresAt }),
  });
const ann = binding("b", "viewer", "User:ann", "environment/prod");

it("warns of a binding whose subject has no Membership, or none any more", () => {
  const wanted = [
    'AccessRoleBinding/b spec.subjects[0]: User "ann" has no Membership in "acme", so the binding gives nothing until they join',
  ];
  expect(findingsOf(revivedBinding, acme, prod, ann)).toEqual(wanted);
  const leaving = build(
    "Membership",
    { name: "m", deletionTimestamp: "2026-01-01T00:00:00Z" },
    member("m").spec,
  );
  expect(findingsOf(revivedBinding, acme, prod, ann, leaving)).toEqual(wanted);
});

it("warns of a binding that ends later than the Membership that counts", () => {
  const [first, second] = [member("m1", "2026-05-01T00:00:00Z"), member("m2")];
  expect(findingsOf(revivedBinding, acme, prod, ann, second, first)).toEqual([
    'AccessRoleBinding/b spec.subjects[0]: User "ann" is a member of "acme" until 2026-05-01T00:00:00Z (Membership "m1"), and the binding goes on',
  ]);
});

it("is content with members, with bindings that end with the membership, with groups and at Platform", () => {
  expect(findingsOf(revivedBinding, acme, prod, ann, member("m"))).toEqual([]);
  const until = "2026-05-01T00:00:00Z";
  const ending = binding("b", "viewer", ["User:ann", "Group:ops"], "environment/prod", { expiresAt: until });
  expect(findingsOf(revivedBinding, acme, prod, ending, member("m", until))).toEqual([]);
  expect(findingsOf(revivedBinding, acme, binding("b", "viewer", "User:ann", "platform"))).toEqual([]);
});

it("says nothing where membership is optional or the organization is missing", () => {
  const optional = build("AccessDomain", "default", { membership: "Optional" });
  expect(findingsOf(revivedBinding, acme, prod, ann, optional)).toEqual([]);
  expect(findingsOf(revivedBinding, prod, ann)).toEqual([]);
});
