import { expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import { listPermissions } from "../enumerate/list-permissions.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { decide } from "./decide.ts";

const VERBS = 100;
const verbs = Array.from({ length: VERBS }, (_, at) => `v${String(at).padStart(2, "0")}`);
const organizations = verbs.map((verb) => `o-${verb}`);

/** More permissions than fit in one word of a mask; in each organization ann has one of them, and bob one that is denied. */
const compiler = new DomainCompiler("shop");
compiler.put(build("AccessDomain", "default", { membership: "Optional" }));
compiler.put(
  build("PermissionCatalog", "c", {
    resources: [{ name: "logs", level: "Organization", verbs: verbs.map((name) => ({ name })) }],
  }),
);
for (const [at, organization] of organizations.entries()) {
  const rule = { resources: ["logs"], verbs: [verbs[at] as string] };
  compiler.put(build("Organization", organization, {}));
  compiler.put(role(`may-${at}`, { rules: [rule] }));
  compiler.put(role(`denied-${at}`, { rules: [rule, { ...rule, effect: "Deny" }] }));
  compiler.put(binding(`a-${at}`, `may-${at}`, "User:ann", `organization/${organization}`));
  compiler.put(binding(`b-${at}`, `denied-${at}`, "User:bob", `organization/${organization}`));
}
const policy = loadCompiled(compiler.compile({}));

const asked = (subjectName: string, at: number, permission: string) => ({
  ...{ subjectKind: "User", subjectName, groups: [], resourceName: "", activeRoles: [], permission },
  scope: `organization/${organizations[at]}`,
});

it("decides each permission by itself", () => {
  for (const [at, verb] of verbs.entries()) {
    const allowed = verbs.filter(
      (other) => decide(policy, asked("ann", at, `logs:${other}`), 0).outcome === "Allowed",
    );
    expect(allowed).toEqual([verb]);
  }
});

it("shows a scope to whom any one permission is allowed there", () => {
  for (const at of verbs.keys()) {
    const other = `logs:${verbs[(at + 1) % VERBS]}`;
    expect(decide(policy, asked("ann", at, other), 0)).toMatchObject({
      outcome: "NoGrant",
      disclosure: "Forbidden",
    });
    expect(decide(policy, asked("bob", at, other), 0)).toMatchObject({
      outcome: "NoGrant",
      disclosure: "NotFound",
    });
  }
});

it("lists each permission", () => {
  for (const [at, verb] of verbs.entries()) {
    const listed = (name: string) =>
      [...listPermissions(policy, asked(name, at, ""), 0)].map(({ permission }) => permission);
    expect(listed("ann")).toEqual([`logs:${verb}`]);
    expect(listed("bob")).toEqual([]);
  }
});
