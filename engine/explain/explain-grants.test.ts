import { expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import { defaultBindings } from "../defaults/default-bindings.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { explain } from "./explain.ts";

const rules = [{ resources: ["logs"], verbs: ["view"] }];
const base: SidegateObject[] = [
  build("PermissionCatalog", "c", {
    resources: [{ name: "logs", level: "Environment", verbs: [{ name: "view" }] }],
  }),
  build("Organization", "acme", {}),
  build("Environment", "prod", { organization: "acme", type: "production" }),
  build("AccessDomain", "default", { defaultRoles: [{ role: "viewer", environmentTypes: ["production"] }] }),
  build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } }),
  role("viewer", { rules }),
  role("auditor", {}),
];

/** What is said of the grants of ann, with her defaults given. */
function effects(...objects: SidegateObject[]): string[] {
  const compiler = new DomainCompiler("shop");
  for (const object of [...base, ...objects]) compiler.put(object);
  for (const given of defaultBindings(compiler.world)) compiler.put(given);
  const policy = loadCompiled(compiler.compile({}));
  const request = {
    subjectKind: "User",
    subjectName: "ann",
    groups: [],
    permission: "logs:view",
    scope: "environment/prod",
    resourceName: "",
    activeRoles: [],
  };
  return explain(policy, request, 0).grants.map(({ effect, detail }) => `${effect} ${detail}`.trim());
}

it("names what a default yields to, and by which constraint", () => {
  const audits = binding("ann-audits", "auditor", "User:ann", "environment/prod");
  const apart = build("AccessConstraint", "apart", { exclusive: { roles: ["viewer", "auditor"] } });
  expect(effects(audits)).toEqual(["Allows"]);
  expect(effects(audits, apart)).toEqual([
    'Yields by AccessConstraint "apart" it yields to AccessRoleBinding "ann-audits"',
  ]);
});

it("says where a default yields to nothing but its own role", () => {
  const both = role("viewer", { rules, includes: ["auditor"] });
  const apart = build("AccessConstraint", "apart", {
    separationOfDuty: { roles: ["viewer", "auditor"], atMost: 1, mode: "Static", per: "Scope" },
  });
  expect(effects(both, apart)).toEqual([
    'Yields its role alone carries more roles than AccessConstraint "apart" allows',
  ]);
});
