import { describe, expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import { findYielding } from "../defaults/find-yielding.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { voidedGrants } from "./voided-grants.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const base: SidegateObject[] = [
  build("Organization", "acme", {}),
  build("Environment", "prod", { organization: "acme", type: "production" }),
  build("Environment", "dev", { organization: "acme", type: "development" }),
  ...["payer", "approver", "auditor"].map((name) => role(name, { rules: [] })),
];
const duty = build("AccessConstraint", "four-eyes", { separationOfDuty: { roles: ["payer", "approver"] } });

function compiled(...objects: SidegateObject[]) {
  const compiler = new DomainCompiler("shop");
  for (const object of [...base, ...objects]) compiler.put(object);
  return { world: compiler.world, policy: loadCompiled(compiler.compile({})) };
}

function voided(organization: string | undefined, ...objects: SidegateObject[]): string[] {
  const { world, policy } = compiled(...objects);
  return voidedGrants(world, policy, organization, NOW).map(
    (v) => `${v.binding} of ${v.subject.name} at ${v.unit} by ${v.conflictsWith} (${v.constraint})`,
  );
}

describe("Voided grants", () => {
  it("are reported once, at the topmost place where they are void, with the other party", () => {
    const found = voided(
      "acme",
      duty,
      binding("a", "payer", "User:ann", "organization/acme"),
      binding("b", "approver", "User:ann", "environment/prod"),
      binding("c", "approver", "User:bob", "environment/dev"),
    );
    expect(found).toEqual([
      "a of ann at environment/prod by b (four-eyes)",
      "b of ann at environment/prod by a (four-eyes)",
    ]);
  });

  it("are found for the members of groups, through groups in groups", () => {
    const found = voided(
      "acme",
      duty,
      build("AccessGroup", "inner", { members: [{ kind: "User", name: "ann" }] }),
      build("AccessGroup", "outer", { members: [{ kind: "AccessGroup", name: "inner" }] }),
      binding("a", "payer", "AccessGroup:outer", "organization/acme"),
      binding("b", "approver", "User:ann", "organization/acme"),
    );
    expect(found.sort()).toEqual([
      "a of ann at organization/acme by b (four-eyes)",
      "b of ann at organization/acme by a (four-eyes)",
    ]);
  });

  it("leave a grant at Platform to conflicts at Platform", () => {
    const objects = [
      duty,
      binding("p", "payer", "User:ann", "platform"),
      binding("b", "approver", "User:ann", "organization/acme"),
    ];
    expect(voided("acme", ...objects)).toEqual(["b of ann at organization/acme by p (four-eyes)"]);
    expect(voided(undefined, ...objects)).toEqual([]);
  });

  it("name the grant itself where its role alone carries too many", () => {
    const found = voided(
      "acme",
      duty,
      build("AccessRole", "both", { assignableAt: ["Organization"], includes: ["payer", "approver"] }),
      binding("a", "both", "User:ann", "organization/acme"),
    );
    expect(found).toEqual(["a of ann at organization/acme by a (four-eyes)"]);
  });

  it("end with the windows of the conflict", () => {
    const over = { expiresAt: "2026-01-01T00:00:00Z" };
    const found = voided(
      "acme",
      duty,
      binding("a", "payer", "User:ann", "organization/acme", over),
      binding("b", "approver", "User:ann", "organization/acme"),
    );
    expect(found).toEqual([]);
  });
});

describe("A default that yields", () => {
  const exclusive = build("AccessConstraint", "one", { exclusive: { roles: ["payer", "approver"] } });
  const due = binding("default-m-organization-acme", "payer", "User:ann", "organization/acme");

  it("names the binding that comes first, over or not", () => {
    const over = { expiresAt: "2026-01-01T00:00:00Z" };
    const { policy } = compiled(exclusive, binding("b", "approver", "User:ann", "organization/acme", over));
    expect(findYielding(policy, "acme", [due], NOW)).toEqual(
      new Map([[due.metadata.name, { constraint: "one", binding: "b" }]]),
    );
  });

  it("stays where the other names the same role, or is elsewhere", () => {
    const { policy } = compiled(
      exclusive,
      binding("b", "payer", "User:ann", "organization/acme"),
      binding("c", "approver", "User:ann", "environment/prod"),
      binding("d", "approver", "User:bob", "organization/acme"),
    );
    expect(findYielding(policy, "acme", [due], NOW)).toEqual(new Map());
  });
});
