import { expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import type { AccessRoleBinding } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { listSubjects } from "./list-subjects.ts";

/** Who may look at the logs of acme, where only ann is a member; bob is one elsewhere, and eve has a binding alone. */
function listed(membership: "Required" | "Optional", ...bindings: AccessRoleBinding[]): string[] {
  const compiler = new DomainCompiler("shop");
  const objects = [
    build("AccessDomain", "default", { membership }),
    build("PermissionCatalog", "c", {
      resources: [{ name: "logs", level: "Organization", verbs: [{ name: "view" }] }],
    }),
    ...["acme", "other"].map((name) => build("Organization", name, {})),
    build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } }),
    build("Membership", "bob", { organization: "other", subject: { kind: "User", name: "bob" } }),
    role("viewer", { rules: [{ resources: ["logs"], verbs: ["view"] }] }),
    role("idle", {}),
    binding("eve", "idle", "User:eve", "platform"),
    ...bindings,
  ];
  for (const object of objects) compiler.put(object);
  const request = { permission: "logs:view", scope: "organization/acme", resourceName: "", activeRoles: [] };
  const found = [...listSubjects(loadCompiled(compiler.compile({})), request, 0)];
  return found.flatMap((entry) => (entry === undefined ? [] : [entry.name]));
}

const EVERYONE = "Group:system:authenticated";
const everybody = ["ann", "bob", "eve", "system:authenticated"];

it("lists all whom the policy names where everybody has it at Platform", () => {
  expect(listed("Required", binding("b", "viewer", EVERYONE, "platform"))).toEqual(everybody);
});

it("lists the members where everybody has it in the organization", () => {
  const there = binding("b", "viewer", EVERYONE, "organization/acme");
  expect(listed("Required", there)).toEqual(["ann", "system:authenticated"]);
  expect(listed("Optional", there)).toEqual(everybody);
});

it("lists nobody where everybody has it elsewhere", () => {
  expect(listed("Required", binding("b", "viewer", EVERYONE, "organization/other"))).toEqual([]);
});
