import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build, role } from "../../test/worlds/build.ts";
import { wildcardReachesBelow } from "./wildcard-reaches-below.ts";

const catalog = build("PermissionCatalog", "main", {
  resources: [
    { name: "bills", level: "Organization", verbs: [{ name: "pay" }] },
    { name: "logs", level: "Environment", verbs: [{ name: "view" }] },
  ],
});

it("warns of a star that gives types of lower levels, in everything below", () => {
  const admin = role("admin", {
    assignableAt: ["Environment", "Organization"],
    rules: [{ resources: ["*"], verbs: ["*"] }],
  });
  expect(findingsOf(wildcardReachesBelow, catalog, admin)).toEqual([
    'AccessRole/admin spec.rules[0].resources: "*" in a role that may be assigned at Organization gives logs in every Environment below',
  ]);
});

it("is content with a star at the lowest level, with one that denies, and with verbs that no lower type has", () => {
  const engineer = role("engineer", {
    assignableAt: ["Environment"],
    rules: [{ resources: ["*"], verbs: ["*"] }],
  });
  const others = role("others", {
    assignableAt: ["Organization"],
    rules: [
      { effect: "Deny", resources: ["*"], verbs: ["*"] },
      { resources: ["*"], verbs: ["pay", "create"] },
    ],
  });
  expect(findingsOf(wildcardReachesBelow, catalog, engineer, others)).toEqual([]);
});
