import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build, role } from "../../test/worlds/build.ts";
import { lowerLevelType } from "./lower-level-type.ts";

const catalog = build("PermissionCatalog", "main", {
  resources: [
    { name: "bills", level: "Organization", verbs: [{ name: "pay" }] },
    { name: "logs", level: "Environment", verbs: [{ name: "view" }] },
  ],
});
const rules = [{ resources: ["bills", "logs"], verbs: ["*"] }];

it("notes a type that lives below where the role may be assigned", () => {
  const support = role("support", { assignableAt: ["Organization"], rules });
  expect(findingsOf(lowerLevelType, catalog, support)).toEqual([
    'AccessRole/support spec.rules[0].resources: "logs" is of the level Environment: bound at Organization, the role gives it in every Environment below',
  ]);
});

it("is content where the role is assigned at the level of the type", () => {
  const support = role("support", { assignableAt: ["Environment"], rules });
  expect(findingsOf(lowerLevelType, catalog, support)).toEqual([]);
});
