import { describe, expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { explainGrant } from "./explain-grant.ts";
import type { DecisionRequest } from "./request.ts";

const base: SidegateObject[] = [
  build("PermissionCatalog", "c", {
    resources: [
      { name: "logs", level: "Environment", verbs: [{ name: "view" }, { name: "retry" }] },
      { name: "plans", level: "Platform", verbs: [{ name: "view" }] },
    ],
  }),
  build("Organization", "acme", {}),
  build("Environment", "prod", { organization: "acme" }),
  build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } }),
  build("AccessGroup", "team", { members: [{ kind: "User", name: "ann" }] }),
  role("viewer", { rules: [{ resources: ["logs", "plans"], verbs: ["view"] }] }),
  role("named", { rules: [{ resources: ["logs"], verbs: ["view"], names: ["app-*"] }] }),
  role("lead", { includes: ["viewer"] }),
  role("named-lead", { includes: ["named"] }),
  role("blocked", { rules: [{ effect: "Deny", resources: ["logs"], verbs: ["view"] }] }),
  role("named-blocked", {
    rules: [{ effect: "Deny", resources: ["logs"], verbs: ["view"], names: ["app-*"] }],
  }),
  role("outcast", { includes: ["blocked"] }),
  role("named-outcast", { includes: ["named-blocked"] }),
];

const request: DecisionRequest = {
  ...{ subjectKind: "User", subjectName: "ann", groups: [], activeRoles: [] },
  ...{ permission: "logs:view", scope: "environment/prod", resourceName: "app-1" },
};

function explained(objects: readonly SidegateObject[], more: Partial<DecisionRequest> = {}) {
  const compiler = new DomainCompiler("shop");
  for (const object of [...base, ...objects]) compiler.put(object);
  return explainGrant(loadCompiled(compiler.compile({})), { ...request, ...more }, 0);
}

describe("The grant that decided", () => {
  it.each<[string, string, string]>([
    ["allows by its own rule", "viewer", "viewer"],
    ["allows by a rule that names resources", "named", "named"],
    ["allows by an included rule", "lead", "viewer"],
    ["allows by an included rule that names resources", "named-lead", "named"],
    ["denies by its own rule", "blocked", "blocked"],
    ["denies by a rule that names resources", "named-blocked", "named-blocked"],
    ["denies by an included rule", "outcast", "blocked"],
    ["denies by an included rule that names resources", "named-outcast", "named-blocked"],
  ])("%s", (_, of, ruleRole) => {
    expect(explained([binding("b", of, "User:ann", "organization/acme")])).toEqual({
      ...{ binding: "b", role: of, ruleRole, scope: "organization/acme", subject: "User:ann" },
    });
  });

  it("is the one that denies, where others allow", () => {
    const both = [
      binding("a", "viewer", "User:ann", "environment/prod"),
      binding("b", "blocked", "User:ann", "platform"),
      binding("c", "viewer", "User:ann", "platform"),
    ];
    expect(explained(both)).toMatchObject({ binding: "b", scope: "platform" });
  });

  it.each<[string, string, Partial<DecisionRequest>]>([
    ["a declared group", "AccessGroup:team", {}],
    ["an asserted group", "Group:staff", { groups: ["staff"] }],
    ["all subjects", "Group:system:authenticated", {}],
  ])("names %s as its subject", (_, subject, more) => {
    expect(explained([binding("b", "viewer", subject, "environment/prod")], more)).toMatchObject({
      ...{ subject, scope: "environment/prod" },
    });
  });

  it("is of an active role, where roles are chosen", () => {
    const both = [
      binding("a", "viewer", "User:ann", "environment/prod"),
      binding("b", "lead", "User:ann", "environment/prod"),
    ];
    expect(explained(both, { activeRoles: ["named"] })).toBeUndefined();
    expect(explained(both, { activeRoles: ["lead"] })).toMatchObject({ ruleRole: "viewer" });
  });

  it("is at Platform, for what lives there", () => {
    const given = binding("b", "viewer", "User:ann", "platform");
    expect(explained([given], { permission: "plans:view", scope: "platform" })).toMatchObject({
      scope: "platform",
    });
  });

  it.each<[string, Partial<DecisionRequest>]>([
    ["where nothing allows", { permission: "logs:retry" }],
    ["for an unknown scope", { scope: "environment/gone" }],
    ["for an unknown permission", { permission: "logs:burn" }],
    ["for an unknown active role", { activeRoles: ["gone"] }],
  ])("is none %s", (_, more) => {
    expect(explained([binding("b", "viewer", "User:ann", "platform")], more)).toBeUndefined();
  });
});
