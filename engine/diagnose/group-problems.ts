import type { AccessGroup } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import { missing, type Problem } from "./problem.ts";

export function* groupProblems(world: World, { spec }: AccessGroup): Iterable<Problem> {
  if (spec.organization !== undefined && !world.live("Organization", spec.organization)) {
    yield missing("spec.organization", "Organization", spec.organization);
  }
  for (const [index, { kind, name }] of (spec.members ?? []).entries()) {
    if (kind === "AccessGroup" && !world.live("AccessGroup", name)) {
      yield missing(`spec.members[${index}]`, "AccessGroup", name);
    }
  }
}
