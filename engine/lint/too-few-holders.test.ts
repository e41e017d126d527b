import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import { tooFewHolders } from "./too-few-holders.ts";

const acme = build("Organization", "acme", {});
const owner = role("owner", {});
const minimum = build("AccessConstraint", "owners", {
  minHolders: { role: "owner", level: "Organization", count: 1 },
});
const ann = build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } });

it("warns of scopes that have fewer lasting holders", () => {
  const ending = binding("b", "owner", "User:ann", "organization/acme", {
    expiresAt: "2030-01-01T00:00:00Z",
  });
  expect(findingsOf(tooFewHolders, acme, owner, minimum, ann, ending)).toEqual([
    'AccessConstraint/owners spec.minHolders.count: fewer than 1 lasting holders of "owner" at organization/acme (0)',
  ]);
});

it("is content where there are enough, and with other constraints", () => {
  const lasting = binding("b", "owner", "User:ann", "organization/acme");
  const exclusive = build("AccessConstraint", "one", { exclusive: { roles: ["owner", "admin"] } });
  expect(findingsOf(tooFewHolders, acme, owner, minimum, ann, lasting, exclusive)).toEqual([]);
});
