import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build, role } from "../../test/worlds/build.ts";
import { unusedPermission } from "./unused-permission.ts";

const catalog = build("PermissionCatalog", "main", {
  resources: [
    { name: "logs", level: "Environment", verbs: [{ name: "view" }, { name: "retry", implies: ["view"] }] },
  ],
});

it("notes permissions that no role allows", () => {
  const denying = role("blocked", { rules: [{ effect: "Deny", resources: ["logs"], verbs: ["*"] }] });
  const viewer = role("viewer", { rules: [{ resources: ["logs"], verbs: ["view"] }] });
  expect(findingsOf(unusedPermission, catalog, denying, viewer)).toEqual([
    "PermissionCatalog/main spec.resources[0]: no role allows logs:retry",
  ]);
});

it("is content where a rule implies the verb, or names all", () => {
  const retrier = role("retrier", { rules: [{ resources: ["logs"], verbs: ["retry"] }] });
  expect(findingsOf(unusedPermission, catalog, retrier)).toEqual([]);
  const all = role("all", { rules: [{ resources: ["*"], verbs: ["*"] }] });
  expect(findingsOf(unusedPermission, catalog, all)).toEqual([]);
});
