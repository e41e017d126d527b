import { reachedRoles } from "../diagnose/role-closure.ts";
import type { LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";

/** A role that breaks a separation of duty all by itself. */
export const unholdableRole: LintRule = {
  name: "UnholdableRole",
  severity: "warning",
  meaning:
    "A role carries, by its includes, more roles of a separation of duty than one subject may have: with a static one every grant of it is void, with a dynamic one it can not be used without naming active roles.",
  remedy: "Take an include out of the role, or a role out of the constraint.",
  *check(world) {
    const duties = [...world.listLive("AccessConstraint")].flatMap(({ metadata, spec }) =>
      spec.separationOfDuty === undefined ? [] : { name: metadata.name, ...spec.separationOfDuty },
    );
    if (duties.length === 0) return;
    for (const role of world.listLive("AccessRole")) {
      const carried = new Set(reachedRoles(world, role).map(({ metadata }) => metadata.name));
      for (const { name, roles, atMost = 1, mode = "Static" } of duties) {
        const found = roles.filter((one) => carried.has(one));
        if (found.length <= atMost) continue;
        const effect =
          mode === "Static" ? "every grant of it is void" : "it works only with chosen active roles";
        yield {
          kind: "AccessRole",
          name: role.metadata.name,
          field: (role.spec.includes?.length ?? 0) > 0 ? "spec.includes" : "metadata.name",
          message: `the role carries ${listWords(found)}, of which AccessConstraint "${name}" allows ${atMost}, so ${effect}`,
        };
      }
    }
  },
};
