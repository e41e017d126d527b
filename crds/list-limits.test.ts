import { expect, test } from "vitest";
import { crds } from "./definitions.ts";
import { listLimits } from "./list-limits.ts";

test("limits are listed with kind and field", () => {
  const limits = listLimits(crds);
  expect(limits).toContainEqual({ kind: "AccessGroup", field: "spec.members", limit: "1,000 entries" });
  expect(limits).toContainEqual({
    kind: "AccessGroup",
    field: "spec.members[].name",
    limit: "512 characters",
  });
  expect(limits).toContainEqual({
    kind: "AccessDomain",
    field: "spec.guard.maxRevokedPercent",
    limit: "0 to 100",
  });
  expect(limits).toContainEqual({
    kind: "Organization",
    field: "spec.attributes{}",
    limit: "1,024 characters",
  });
});

test("what has a fixed set or form of values is not listed", () => {
  const fields = listLimits(crds).map(({ field }) => field);
  expect(fields).not.toContain("spec.scope.kind");
  expect(fields).not.toContain("spec.expiresAt");
});
