import { objectKey } from "../model/references.ts";
import type { LintRule } from "./lint-rule.ts";

/** A role that nobody can hold as things are. */
export const unusedRole: LintRule = {
  name: "UnusedRole",
  severity: "note",
  meaning:
    "No binding, default, grants entry or other role names the role, so nobody has it and nobody below the platform may give it.",
  remedy: "Bind it, let a grants entry name it, or delete it.",
  *check(world) {
    for (const { metadata, spec } of world.listLive("AccessRole")) {
      const isUsed = [...world.referrers(objectKey("AccessRole", metadata.name))].some(
        ({ kind, metadata: { name } }) =>
          kind !== "AccessConstraint" && !(kind === "AccessRole" && name === metadata.name),
      );
      const own = spec.organization === undefined ? "" : ` of "${spec.organization}"`;
      const message = `nothing gives this role${own}`;
      if (!isUsed) yield { kind: "AccessRole", name: metadata.name, field: "metadata.name", message };
    }
  },
};
