import { components } from "../model/components.ts";
import { objectKey } from "../model/references.ts";
import type { World } from "../model/world.ts";

/** Groups in a chain, each of which is a member of the one before, that admission allows (semantics, section 1). */
export const MAX_GROUP_DEPTH = 8;

/**
 * The longest chain of groups that leads through a group, each a member of the one before, from the outermost to the innermost.
 * Groups that hold one another in a circle count once each. 0 where there is no such group.
 */
export function longestChain(world: World, name: string): number {
  if (world.live("AccessGroup", name) === undefined) return 0;
  return (
    depthFrom(name, (group) => holdersOf(world, group)) +
    depthFrom(name, (group) => heldBy(world, group)) -
    overlap(world, name)
  );
}

function overlap(world: World, name: string): number {
  const above = reach(name, (group) => holdersOf(world, group));
  const below = reach(name, (group) => heldBy(world, group));
  return [...above].filter((group) => below.has(group)).length;
}

/** The most groups on a way that begins at one. */
function depthFrom(name: string, next: (group: string) => Iterable<string>): number {
  const names = [...reach(name, next)];
  const numbers = new Map(names.map((group, index) => [group, index]));
  const edges = names.map((group) => [...next(group)].flatMap((other) => numbers.get(other) ?? []));
  const depths = new Float64Array(names.length);
  // Each circle stands after all that it leads to.
  for (const circle of components(names.length, (node) => edges[node]!)) {
    const inside = new Set(circle);
    const beyond = circle.flatMap((node) => edges[node]!.filter((target) => !inside.has(target)));
    const depth = circle.length + beyond.reduce((most, target) => Math.max(most, depths[target]!), 0);
    for (const node of circle) depths[node] = depth;
  }
  return depths[0]!;
}

function reach(name: string, next: (group: string) => Iterable<string>): Set<string> {
  const reached = new Set([name]);
  for (const group of reached) for (const other of next(group)) reached.add(other);
  return reached;
}

function* holdersOf(world: World, group: string): Iterable<string> {
  for (const { metadata } of world.referring("AccessGroup", objectKey("AccessGroup", group)))
    yield metadata.name;
}

function* heldBy(world: World, group: string): Iterable<string> {
  for (const { kind, name } of world.live("AccessGroup", group)?.spec.members ?? [])
    if (kind === "AccessGroup" && world.live("AccessGroup", name) !== undefined) yield name;
}
