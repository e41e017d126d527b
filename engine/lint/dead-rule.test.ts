import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build, role } from "../../test/worlds/build.ts";
import { deadRule } from "./dead-rule.ts";

const catalog = build("PermissionCatalog", "main", {
  resources: [
    { name: "bills", level: "Organization", verbs: [{ name: "pay" }] },
    { name: "logs", level: "Environment", verbs: [{ name: "view" }] },
  ],
});
const engineer = role("engineer", {
  assignableAt: ["Environment"],
  rules: [{ resources: ["logs", "bills"], verbs: ["*"] }],
});

it("warns of a type above every level at which the role may be assigned", () => {
  expect(findingsOf(deadRule, catalog, engineer)).toEqual([
    "AccessRole/engineer spec.rules[0].resources: bills of the level Organization can not be given by a role that is assigned at Environment at the highest",
  ]);
});

it("warns where only a role that may not include it is assigned higher", () => {
  const own = role("own", { ...engineer.spec, organization: "acme" });
  const admin = role("admin", { assignableAt: ["Organization"], includes: ["own"] });
  expect(findingsOf(deadRule, catalog, own, admin)).toHaveLength(1);
});

it("is content where a role that includes it is assigned high enough", () => {
  const admin = role("admin", { assignableAt: ["Organization"], includes: ["engineer"] });
  expect(findingsOf(deadRule, catalog, engineer, admin)).toEqual([]);
});
