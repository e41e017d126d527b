import type { AccessConstraint } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import { missing, type Problem } from "./problem.ts";

export function* constraintProblems(world: World, { spec }: AccessConstraint): Iterable<Problem> {
  for (const field of ["separationOfDuty", "exclusive"] as const) {
    for (const [index, role] of (spec[field]?.roles ?? []).entries()) {
      if (!world.live("AccessRole", role)) yield missing(`spec.${field}.roles[${index}]`, "AccessRole", role);
    }
  }
  const role = spec.minHolders?.role;
  if (role !== undefined && !world.live("AccessRole", role))
    yield missing("spec.minHolders.role", "AccessRole", role);
}
