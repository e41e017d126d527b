import type { AccessConstraint } from "../model/objects.generated.ts";
import { byName } from "../model/order.ts";
import { Level } from "../model/scope.ts";
import type { World } from "../model/world.ts";
import { ConstraintKind } from "./shard-format.ts";

/** The constraints of a domain, with the rows of the roles that exist. */
export function compileConstraints(world: World, rows: ReadonlyMap<string, number>) {
  const constraints = [...world.listLive("AccessConstraint")].sort(byName);
  return constraints.flatMap((constraint) => compileConstraint(constraint, rows));
}

function compileConstraint({ metadata, spec }: AccessConstraint, rows: ReadonlyMap<string, number>) {
  const { name } = metadata;
  const { separationOfDuty, exclusive, minHolders } = spec;
  const rowsOf = (roles: readonly string[]) => [...new Set(roles)].flatMap((role) => rows.get(role) ?? []);
  const perOrganization = (per: string | undefined) => per === "Organization";
  const compiled = [];
  if (separationOfDuty !== undefined) {
    const { roles, atMost = 1, per, mode } = separationOfDuty;
    const kind = mode === "Dynamic" ? ConstraintKind.Dynamic : ConstraintKind.Static;
    compiled.push({
      name,
      kind,
      roles: rowsOf(roles),
      atMost: Math.max(0, atMost),
      perOrganization: perOrganization(per),
    });
  }
  if (exclusive !== undefined) {
    const { roles, per } = exclusive;
    compiled.push({
      name,
      kind: ConstraintKind.Exclusive,
      roles: rowsOf(roles),
      perOrganization: perOrganization(per),
    });
  }
  if (minHolders !== undefined) {
    const { role, level, count } = minHolders;
    const kind = ConstraintKind.MinHolders;
    compiled.push({ name, kind, roles: rowsOf([role]), count: Math.max(0, count), level: Level[level] });
  }
  return compiled;
}
