import { expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { canGrant } from "./can-grant.ts";

/** What the owner hears who would give a role to ann, who has another of the three that exclude each other. */
function answer(held: string, given: string): string {
  const compiler = new DomainCompiler("shop");
  const roles = ["a", "b", "c"];
  const objects = [
    build("AccessDomain", "default", { membership: "Optional" }),
    build("Organization", "acme", {}),
    build("AccessConstraint", "one", { exclusive: { roles } }),
    ...roles.map((name) => role(name, {})),
    role("owner", { grants: [{ roles, levels: ["Organization"] }] }),
    binding("owner", "owner", "User:olga", "organization/acme"),
    binding("held", held, "User:ann", "organization/acme"),
  ];
  for (const object of objects) compiler.put(object);
  const actor = {
    ...{ subjectKind: "User", subjectName: "olga", groups: [], permission: "", scope: "organization/acme" },
    ...{ resourceName: "", activeRoles: [] },
  };
  const question = { actor, verb: "Give", role: given, target: { kind: "User", name: "ann" } } as const;
  const found = canGrant(loadCompiled(compiler.compile({})), question, 0);
  return "reason" in found ? found.reason : "allowed" in found ? "Allowed" : found.detail;
}

it.each([
  ["a", "b"],
  ["b", "a"],
  ["b", "c"],
  ["c", "a"],
])(
  "a conflict is found between %s that is held and %s that would be given, whichever comes first",
  (held, given) => {
    expect(answer(held, given)).toBe("Conflict");
    expect(answer(held, held)).toBe("Allowed");
  },
);
