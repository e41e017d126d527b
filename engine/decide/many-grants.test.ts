import { expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { decide } from "./decide.ts";

const ENVIRONMENTS = 40;
const verbs = Array.from({ length: ENVIRONMENTS + 2 }, (_, at) => `v${at}`);

/** A subject with so many bindings that the ones which apply are searched for: at each scope one that allows a verb of its own. */
function* world(): Generator<SidegateObject> {
  yield build("PermissionCatalog", "c", {
    resources: [{ name: "logs", level: "Environment", verbs: verbs.map((name) => ({ name })) }],
  });
  yield build("Organization", "acme", {});
  yield build("Workspace", "w", { organization: "acme" });
  yield build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } });
  const scopes = ["organization/acme", "workspace/w"];
  for (let at = 0; at < ENVIRONMENTS; at++) {
    yield build("Environment", `e${at}`, at % 2 === 0 ? { workspace: "w" } : { organization: "acme" });
    scopes.push(`environment/e${at}`);
  }
  for (const [at, scope] of scopes.entries()) {
    yield role(`r${at}`, { rules: [{ resources: ["logs"], verbs: [`v${at}`] }] });
    // Nothing at every fifth environment.
    if (at < 2 || at % 5 !== 0) yield binding(`b${at}`, `r${at}`, "User:ann", scope);
  }
}

it("finds the grants of a subject with many at the scope and above it, and no others", () => {
  const compiler = new DomainCompiler("shop");
  for (const object of world()) compiler.put(object);
  const policy = loadCompiled(compiler.compile({}));
  for (let at = 0; at < ENVIRONMENTS; at++) {
    const allowed = verbs.filter((verb) => {
      const request = {
        ...{ subjectKind: "User", subjectName: "ann", groups: [], resourceName: "", activeRoles: [] },
        ...{ permission: `logs:${verb}`, scope: `environment/e${at}` },
      };
      return decide(policy, request, 0).outcome === "Allowed";
    });
    const own = (at + 2) % 5 === 0 ? [] : [`v${at + 2}`];
    expect(allowed).toEqual(["v0", ...(at % 2 === 0 ? ["v1"] : []), ...own]);
  }
});
