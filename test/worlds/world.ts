import fc, { type Arbitrary } from "fast-check";
import type { AccessDomain, SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, ownedBinding } from "./bindings.ts";
import { build, marked } from "./build.ts";
import { catalog } from "./catalogs.ts";
import { constraint } from "./constraints.ts";
import { environments, groups, memberships, organizations, roles, workspaces } from "./names.ts";
import { mostly, weighted } from "./often.ts";
import { role } from "./roles.ts";
import { environment, organization, workspace } from "./scopes.ts";
import { group, membership } from "./subjects.ts";
import { tokenPolicy } from "./tokens.ts";

/** The objects of one domain, each kind and name once. */
export type WorldObjects = readonly SidegateObject[];

const settings: Arbitrary<AccessDomain> = weighted(
  [1, build("AccessDomain", "default", {})],
  [2, build("AccessDomain", "default", { membership: "Optional" })],
  [
    1,
    build("AccessDomain", "default", {
      membership: "Required",
      epoch: 2,
      staleness: { maxSeconds: 60, then: "Error" },
    }),
  ],
);

/**
 * A place for one object, absent in one of so many worlds. Every object has a place of its own, so that names stay unique
 * and a failing world shrinks to the objects that matter.
 */
type Slot = readonly [arbitrary: Arbitrary<SidegateObject>, absentOneIn: number];

const slots: readonly Slot[] = [
  [settings, 2],
  [catalog("c1"), 40],
  [catalog("c2"), 2],
  [organization(organizations[0]), 30],
  [organization(organizations[1]), 8],
  ...workspaces.map((name): Slot => [workspace(name), 5]),
  ...environments.map((name): Slot => [environment(name), 10]),
  ...memberships.map((name): Slot => [membership(name), 4]),
  ...groups.map((name): Slot => [group(name), 4]),
  ...roles.map((name): Slot => [role(name), 12]),
  ...["b1", "b2", "b3", "b4", "b5", "b6"].map((name): Slot => [binding(name), 6]),
  [ownedBinding, 2],
  [ownedBinding, 2],
  [constraint("n1"), 2],
  [constraint("n2"), 4],
  [tokenPolicy("t1"), 8],
  [tokenPolicy("t2"), 3],
];

/**
 * Small worlds in which much goes wrong: things missing, over, marked for deletion, contradicting or including one
 * another.
 */
export const world: Arbitrary<WorldObjects> = fc
  .tuple(...slots.map(([arbitrary, absentOneIn]) => mostly(markedOrNot(arbitrary), absentOneIn)))
  .map((objects) => withoutNamesakes(objects.filter((object) => object !== undefined)));

/** One object of such a world. */
export const anyObject: Arbitrary<SidegateObject> = fc.oneof(
  ...slots.map(([arbitrary]) => markedOrNot(arbitrary)),
);

/** The key by which a domain holds an object. */
export function keyOf({ kind, metadata }: SidegateObject): string {
  return `${kind}/${metadata.name}`;
}

/** The last object of each kind and name. */
export function withoutNamesakes(objects: WorldObjects): SidegateObject[] {
  return [...new Map(objects.map((object) => [keyOf(object), object])).values()];
}

function markedOrNot(arbitrary: Arbitrary<SidegateObject>): Arbitrary<SidegateObject> {
  const isMarked = weighted([30, false], [1, true]);
  return fc.tuple(arbitrary, isMarked).map(([object, marks]) => (marks ? marked(object) : object));
}
