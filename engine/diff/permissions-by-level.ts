import { byCodeUnits } from "../model/order.ts";
import type { Level } from "../model/scope.ts";
import type { LoadedCatalog } from "../policy/loaded-catalog.ts";

/** A permission with its numbers in two catalogs; -1: it is not in that one, or not of the level. */
export interface PermissionPair {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** The permissions of each level in either of two catalogs, by name. A permission may have moved to another level. */
export function permissionsByLevel(
  before: LoadedCatalog,
  after: LoadedCatalog,
): (level: Level) => readonly PermissionPair[] {
  const levels: Map<string, { before: number; after: number }>[] = [];
  const add = (catalog: LoadedCatalog, side: "before" | "after") => {
    for (const [name, number] of catalog.permissions) {
      const ofLevel = (levels[catalog.levelOf(number)] ??= new Map());
      const pair = ofLevel.get(name) ?? { before: -1, after: -1 };
      pair[side] = number;
      ofLevel.set(name, pair);
    }
  };
  add(before, "before");
  add(after, "after");
  const sorted = levels.map((ofLevel) =>
    [...ofLevel].sort(([a], [b]) => byCodeUnits(a, b)).map(([name, pair]) => ({ name, ...pair })),
  );
  return (level) => sorted[level] ?? [];
}
