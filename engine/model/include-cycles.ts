import { components } from "./components.ts";
import type { AccessRole } from "./objects.generated.ts";

/** Roles that include one another in a circle. */
export interface IncludeCycle {
  readonly size: number;
  /** The first of them by name, at most eight. */
  readonly names: readonly string[];
}

const NAMES = 8;

/**
 * For each role, by its name, a circle of includes that it reaches, itself on it or not. Roles that reach none are left
 * out. Includes of roles that are not among `roles` count for nothing.
 *
 * All roles are looked at together, since a walk from each would take time with the square of a long chain.
 */
export function findIncludeCycles(roles: Iterable<AccessRole>): ReadonlyMap<string, IncludeCycle> {
  const nodes = [...roles];
  const rows = new Map(nodes.map(({ metadata }, row) => [metadata.name, row]));
  const includes = nodes.map(({ spec }) => (spec.includes ?? []).flatMap((name) => rows.get(name) ?? []));
  const nameOf = (row: number) => (nodes[row] as AccessRole).metadata.name;
  const cycles = new Map<string, IncludeCycle>();
  // A component comes after all that it points to, so that theirs are known.
  for (const component of components(nodes.length, (row) => includes[row] ?? [])) {
    const targets = component.flatMap((row) => includes[row] ?? []);
    const isCircle = component.length > 1 || targets.includes(component[0] as number);
    const cycle = isCircle
      ? cycleOf(component.map(nameOf))
      : firstOf(targets, (row) => cycles.get(nameOf(row)));
    if (cycle !== undefined) for (const row of component) cycles.set(nameOf(row), cycle);
  }
  return cycles;
}

function cycleOf(names: string[]): IncludeCycle {
  return { size: names.length, names: names.sort().slice(0, NAMES) };
}

function firstOf<T>(rows: readonly number[], find: (row: number) => T | undefined): T | undefined {
  for (const row of rows) {
    const found = find(row);
    if (found !== undefined) return found;
  }
  return undefined;
}
