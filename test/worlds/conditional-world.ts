import fc, { type Arbitrary } from "fast-check";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build, role } from "./build.ts";
import { condition } from "./conditions.ts";
import { roles, types } from "./names.ts";
import { compact, mostly, seldom, weighted } from "./often.ts";
import { environment, organization, workspace } from "./scopes.ts";
import { membership } from "./subjects.ts";
import type { WorldObjects } from "./world.ts";

const catalog = build("PermissionCatalog", "core", {
  resources: Object.entries(types).map(([name, { level, verbs }]) => ({
    name,
    level,
    verbs: Object.keys(verbs).map((verb) => ({ name: verb })),
  })),
});

const names = seldom(fc.constantFrom(["x"], ["x*"]), 6);

function conditionalRole(name: string): Arbitrary<SidegateObject> {
  return fc
    .record({
      effect: weighted<"Allow" | "Deny">([3, "Allow"], [1, "Deny"]),
      when: mostly(condition, 4),
      names,
    })
    .map((fields) => role(name, { rules: [{ resources: ["*"], verbs: ["*"], ...compact(fields) }] }));
}

function conditionalBinding(name: string): Arbitrary<SidegateObject> {
  return fc
    .tuple(
      fc.constantFrom(...roles),
      fc.constantFrom("platform", "organization/a", "environment/e"),
      fc.constantFrom("User:ann", "Group:system:authenticated"),
      seldom(condition, 2),
    )
    .map(([roleName, scope, subject, when]) => binding(name, roleName, subject, scope, compact({ when })));
}

/** Worlds in which hardly anything is missing and what is allowed and denied hangs on conditions. */
export const conditionalWorld: Arbitrary<WorldObjects> = fc
  .tuple(
    mostly(fc.constant(build("AccessDomain", "default", { membership: "Optional" })), 3),
    fc.constant(catalog),
    organization("a"),
    workspace("w"),
    environment("e"),
    mostly(membership("m1"), 3),
    seldom(membership("m2"), 3),
    fc.constant(
      build("TokenPolicy", "t1", {
        issuer: "id",
        audiences: ["t1"],
        keys: { jwks: '{"keys":[]}' },
        narrowing: {
          claim: "none",
          selectors: [{ pattern: "shelf:*", attribute: "shelf" }],
          absent: "Allow",
        },
      }),
    ),
    ...roles.map(conditionalRole),
    ...["b1", "b2", "b3"].map((name) => mostly(conditionalBinding(name), 4)),
  )
  .map((objects) => objects.filter((object) => object !== undefined));
