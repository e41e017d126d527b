import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import { unusedRole } from "./unused-role.ts";

it("notes roles that nothing names, themselves and constraints not counted", () => {
  const constraint = build("AccessConstraint", "one", { exclusive: { roles: ["a", "b"] } });
  const a = role("a", { includes: ["a"] });
  const b = role("b", { organization: "acme" });
  expect(findingsOf(unusedRole, a, b, constraint)).toEqual([
    "AccessRole/a metadata.name: nothing gives this role",
    'AccessRole/b metadata.name: nothing gives this role of "acme"',
  ]);
});

it("is content with roles that are bound, given by default, included, or named by a grants entry", () => {
  const found = findingsOf(
    unusedRole,
    role("bound", { includes: ["included"], grants: [{ roles: ["given"], levels: ["Organization"] }] }),
    role("included", {}),
    role("given", {}),
    role("default", {}),
    binding("b", "bound", "User:ann", "platform"),
    build("AccessDomain", "default", { defaultRoles: [{ role: "default" }] }),
  );
  expect(found).toEqual([]);
});
