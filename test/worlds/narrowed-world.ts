import fc, { type Arbitrary } from "fast-check";
import { binding, build, role } from "./build.ts";
import { condition } from "./conditions.ts";
import { types } from "./names.ts";
import { mostly, seldom, weighted } from "./often.ts";
import { tokenPolicy } from "./tokens.ts";
import type { WorldObjects } from "./world.ts";

const catalog = build("PermissionCatalog", "core", {
  resources: Object.entries(types).map(([name, { level, verbs }]) => ({
    name,
    level,
    verbs: Object.entries(verbs).map(([verb, implies]) => ({ name: verb, implies })),
  })),
});

/**
 * Worlds in which everybody, or every bearer of a token, may do everything everywhere, but for conditions: what is denied, a
 * token or a condition takes away.
 */
export const narrowedWorld: Arbitrary<WorldObjects> = fc
  .tuple(
    fc.constant(catalog),
    fc.constant(build("Organization", "a", {})),
    fc.constant(build("Environment", "e", { organization: "a", type: "production" })),
    tokenPolicy("t1"),
    seldom(tokenPolicy("t2"), 4),
    seldom(condition, 3).map((when) =>
      role("r1", { rules: [{ resources: ["*"], verbs: ["*"], ...(when && { when }) }] }),
    ),
    weighted<string>([3, "Group:system:authenticated"], [2, "Group:token:t1"]).map((subject) =>
      binding("b1", "r1", subject, "platform"),
    ),
    mostly(
      condition.map((when) =>
        role("r2", { rules: [{ effect: "Deny", resources: ["doc"], verbs: ["view"], when }] }),
      ),
      3,
    ),
    fc.constant(binding("b2", "r2", "User:ann", "platform")),
  )
  .map((objects) => objects.filter((object) => object !== undefined));
