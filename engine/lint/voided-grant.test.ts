import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import { voidedGrant } from "./voided-grant.ts";

const acme = build("Organization", "acme", {});
const exclusive = build("AccessConstraint", "one-role", { exclusive: { roles: ["owner", "admin"] } });
const roles = [role("owner", {}), role("admin", {}), role("viewer", {})];

it("warns of a grant that a constraint voids, and names the other party", () => {
  const found = findingsOf(
    voidedGrant,
    ...[acme, exclusive, ...roles],
    binding("b1", "owner", "User:ann", "organization/acme"),
    binding("b2", "admin", ["User:ann", "User:bob"], "organization/acme"),
  );
  expect(found).toEqual([
    'AccessRoleBinding/b2 spec.subjects: the grant of User "ann" is void at organization/acme by AccessConstraint "one-role", in conflict with AccessRoleBinding "b1"',
  ]);
});

it("is content where nothing conflicts, and where there is no such constraint", () => {
  const bindings = [
    binding("b1", "owner", "User:ann", "organization/acme"),
    binding("b2", "viewer", "User:ann", "organization/acme"),
  ];
  expect(findingsOf(voidedGrant, acme, exclusive, ...roles, ...bindings)).toEqual([]);
  const minimum = build("AccessConstraint", "m", {
    minHolders: { role: "owner", level: "Organization", count: 1 },
  });
  expect(findingsOf(voidedGrant, acme, minimum, ...roles, ...bindings)).toEqual([]);
});
