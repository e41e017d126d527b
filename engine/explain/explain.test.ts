import { describe, expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import type { DecisionRequest } from "../decide/request.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { explain } from "./explain.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

const base: SidegateObject[] = [
  build("PermissionCatalog", "c", {
    resources: [{ name: "logs", level: "Environment", verbs: [{ name: "view" }, { name: "retry" }] }],
  }),
  build("Organization", "acme", {}),
  build("Environment", "prod", { organization: "acme", type: "production" }),
  build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } }),
  role("viewer", { rules: [{ resources: ["logs"], verbs: ["view"] }] }),
  role("operator", { rules: [{ resources: ["logs"], verbs: ["*"] }] }),
];

const request: DecisionRequest = {
  subjectKind: "User",
  subjectName: "ann",
  groups: [],
  permission: "logs:view",
  scope: "environment/prod",
  resourceName: "",
  activeRoles: [],
};

function explained(objects: readonly SidegateObject[], more: Partial<DecisionRequest> = {}) {
  const compiler = new DomainCompiler("shop");
  for (const object of [...base, ...objects]) compiler.put(object);
  const policy = loadCompiled(compiler.compile({}));
  const { decision, conflict, grants, nearestMisses } = explain(policy, { ...request, ...more }, NOW);
  return {
    outcome: decision.outcome,
    conflict,
    effects: grants.map(({ binding: { name }, effect, detail }) => `${name} ${effect} ${detail}`.trim()),
    misses: nearestMisses.map(({ changes }) => changes.map(({ message }) => message).join(" + ")),
    changes: nearestMisses.flatMap(({ changes }) => changes),
  };
}

describe("An explanation", () => {
  it("of an allow names the grant, with generation and provenance", () => {
    const given = binding("b", "viewer", "User:ann", "organization/acme");
    const applied = {
      ...given,
      metadata: {
        ...given.metadata,
        generation: 3,
        labels: { "argocd.argoproj.io/instance": "shop" },
      },
    };
    const compiler = new DomainCompiler("shop");
    for (const object of [...base, applied]) compiler.put(object);
    const { grants, nearestMisses } = explain(loadCompiled(compiler.compile({})), request, NOW);
    expect(nearestMisses).toEqual([]);
    expect(grants).toEqual([
      {
        binding: {
          kind: "AccessRoleBinding",
          name: "b",
          generation: 3,
          provenance: "argocd.argoproj.io/instance=shop",
        },
        role: { kind: "AccessRole", name: "viewer", generation: 0, provenance: "" },
        ruleRole: { kind: "AccessRole", name: "viewer", generation: 0, provenance: "" },
        rule: 0,
        scope: "organization/acme",
        subject: "User:ann",
        effect: "Allows",
        detail: "",
      },
    ]);
  });

  it("of a denial without grants offers the roles that would do, the narrowest first, and who could give them", () => {
    const { outcome, misses, changes } = explained([
      role("lead", { rules: [], grants: [{ roles: ["viewer"], levels: ["Environment"] }] }),
      build("Membership", "bob", { organization: "acme", subject: { kind: "User", name: "bob" } }),
      binding("leads", "lead", ["User:bob", "User:gone", "Group:leads"], "organization/acme"),
    ]);
    expect(outcome).toBe("NoGrant");
    expect(misses).toEqual([
      'give User "ann" the role "viewer" at environment/prod',
      'give User "ann" the role "operator" at environment/prod',
    ]);
    expect(changes.map(({ grantors }) => grantors)).toEqual([["User:bob", "Group:leads"], []]);
  });

  it("says which window is over, and when", () => {
    const over = { expiresAt: "2026-01-01T00:00:00Z" };
    const { effects, misses } = explained([binding("b", "viewer", "User:ann", "environment/prod", over)]);
    expect(effects).toEqual(["b Over"]);
    expect(misses[0]).toBe('let AccessRoleBinding "b" go on: it ended at 2026-01-01T00:00:00.000Z');
  });

  it("says which condition failed, and on what value", () => {
    const when = "resource.attributes.owner == subject.name && context.mfa";
    const { effects, misses } = explained(
      [binding("b", "viewer", "User:ann", "environment/prod", { when })],
      {
        resourceAttributes: { owner: "bob" },
      },
    );
    const said = `"${when}" is false: resource.attributes.owner is "bob", subject.name is "ann", context.mfa is absent`;
    expect(effects).toEqual([`b Condition ${said}`]);
    expect(misses[0]).toBe(`the condition of AccessRoleBinding "b" must come out otherwise: ${said}`);
  });

  it("says which rule denies", () => {
    const { outcome, effects, misses } = explained([
      role("no-logs", { rules: [{ effect: "Deny", resources: ["logs"], verbs: ["view"] }] }),
      binding("b", "viewer", "User:ann", "environment/prod"),
      binding("d", "no-logs", "User:ann", "organization/acme"),
    ]);
    expect(outcome).toBe("ExplicitDeny");
    expect(effects).toEqual(["d Denies", "b Allows"]);
    expect(misses).toEqual([
      'take User "ann" out of AccessRoleBinding "d"',
      'take rule 0 of AccessRole "no-logs", which denies it, away',
    ]);
  });

  it("does not ask one condition to be false for what its binding denies and true for what it allows", () => {
    const denying = role("denying", {
      includes: ["viewer"],
      rules: [{ effect: "Deny", resources: ["*"], verbs: ["*"] }],
    });
    const given = binding("b", "denying", "User:ann", "environment/prod", { when: "context.missing == 1" });
    const { outcome, misses } = explained([denying, given]);
    expect(outcome).toBe("ExplicitDeny");
    const ofCondition = misses.filter((miss) => miss.includes("context.missing"));
    expect(ofCondition).not.toEqual([]);
    expect(ofCondition.filter((miss) => miss.split("the condition of").length > 2)).toEqual([]);
  });

  it("says which constraint voids a grant, and the other party", () => {
    const { effects, misses } = explained([
      role("auditor", { rules: [] }),
      build("AccessConstraint", "duty", { separationOfDuty: { roles: ["viewer", "auditor"] } }),
      binding("b", "viewer", "User:ann", "environment/prod"),
      binding("a", "auditor", "User:ann", "environment/prod"),
    ]);
    expect(effects).toEqual([
      'b Void AccessConstraint "duty" voids it, in conflict with AccessRoleBinding "a"',
    ]);
    expect(misses).toContain('take User "ann" out of AccessRoleBinding "a"');
  });

  it("names the separation of duty that active roles break, and how to ask", () => {
    const { outcome, conflict, misses } = explained([
      role("auditor", { rules: [] }),
      build("AccessConstraint", "duty", {
        separationOfDuty: { roles: ["viewer", "auditor"], mode: "Dynamic" },
      }),
      binding("b", "viewer", "User:ann", "environment/prod"),
      binding("a", "auditor", "User:ann", "environment/prod"),
    ]);
    expect(outcome).toBe("SeparationOfDuty");
    expect(conflict).toMatch(
      /^AccessConstraint "duty" lets at most 1 of its roles be active, and .*"auditor".* are$/,
    );
    expect(misses).toContain('ask with the active roles "viewer"');
  });

  it("adds up what is needed together", () => {
    const { misses } = explained([], { subjectName: "eve" });
    expect(misses[0]).toBe(
      'make User "eve" a member of Organization "acme" + give User "eve" the role "viewer" at environment/prod',
    );
  });

  it("knows what joining brings", () => {
    const defaults = build("AccessDomain", "default", {
      defaultRoles: [{ role: "viewer", environmentTypes: ["production"] }],
    });
    expect(explained([defaults], { subjectName: "eve" }).misses).toEqual([
      'make User "eve" a member of Organization "acme"',
    ]);
  });

  it.each([
    ["UnknownScope", { scope: "environment/none" }],
    ["UnknownPermission", { permission: "logs:none" }],
    ["WrongLevel", { scope: "organization/acme" }],
  ])("of %s leaves it at the reason", (outcome, more) => {
    expect(explained([], more)).toEqual({ outcome, conflict: "", effects: [], misses: [], changes: [] });
  });

  it("ends soon for a subject with thousands of grants", () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      binding(`b${index}`, "viewer", "User:ann", "environment/prod", { when: `context.n == ${index}` }),
    );
    expect(explained(many).misses).toHaveLength(20);
  });
});
