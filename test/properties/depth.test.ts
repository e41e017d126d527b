import { expect, it } from "vitest";
import { binding, build, role } from "../worlds/build.ts";
import { createEngine } from "./engine.ts";

// "Decisions follow every level": chains that are far too long for recursion. Nothing here is compared with the oracle,
// which needs a time quadratic in the number of objects.
const LENGTH = 20_000;

const catalog = build("PermissionCatalog", "core", {
  resources: [{ name: "sys", level: "Platform", verbs: [{ name: "view" }] }],
});
const everything = { rules: [{ resources: ["*"], verbs: ["*"] }] };
const request = {
  subjectKind: "User",
  subjectName: "ann",
  groups: [],
  permission: "sys:view",
  scope: "platform",
  resourceName: "",
  activeRoles: [],
};

it("follows groups that are nested without end", () => {
  const groups = Array.from({ length: LENGTH }, (_, index) => {
    const member = index === 0 ? ({ kind: "User", name: "ann" } as const) : undefined;
    return build("AccessGroup", `g${index}`, {
      members: [member ?? { kind: "AccessGroup", name: `g${index - 1}` }],
    });
  });
  const given = binding("b", "viewer", `AccessGroup:g${LENGTH - 1}`, "platform");
  const engine = createEngine([catalog, ...groups, role("viewer", everything), given]);
  expect(engine.decide(request, 0).outcome).toBe("Allowed");
});

it("follows roles that include one another without end", () => {
  const roles = Array.from({ length: LENGTH }, (_, index) =>
    role(`r${index}`, index === LENGTH - 1 ? everything : { includes: [`r${index + 1}`] }),
  );
  const engine = createEngine([catalog, ...roles, binding("b", "r0", "User:ann", "platform")]);
  expect(engine.decide(request, 0).outcome).toBe("Allowed");
});

it("finds the cycle at the end of a long chain of roles", () => {
  const roles = Array.from({ length: LENGTH }, (_, index) =>
    role(`r${index}`, { ...everything, includes: [`r${Math.min(index + 1, LENGTH - 1)}`] }),
  );
  const engine = createEngine([catalog, ...roles, binding("b", "r0", "User:ann", "platform")]);
  expect(engine.decide(request, 0).outcome).toBe("NoGrant");
});
