import fc, { type Arbitrary } from "fast-check";
import type { PermissionCatalog, PermissionCatalogResource } from "../../engine/model/objects.generated.ts";
import { build, EVERYWHERE } from "./build.ts";
import { types } from "./names.ts";
import { mostly, weighted } from "./often.ts";

type Verbs = PermissionCatalogResource["verbs"];

/** A catalog that declares most types as all do, and some in its own way. */
export function catalog(name: string): Arbitrary<PermissionCatalog> {
  const declarations = Object.keys(types).map((type) => mostly(declaration(type), 12));
  const membership = weighted<PermissionCatalogResource | undefined>(
    [20, undefined],
    [1, { name: "membership", level: "Environment", verbs: [{ name: "view" }] }],
  );
  return fc
    .tuple(membership, ...declarations)
    .map((declared) =>
      build("PermissionCatalog", name, { resources: declared.filter((resource) => resource !== undefined) }),
    );
}

function declaration(name: string): Arbitrary<PermissionCatalogResource> {
  const { level, verbs } = types[name]!;
  const usual = Object.entries(verbs).map(([verb, implies]) =>
    implies.length > 0 ? { name: verb, implies } : { name: verb },
  );
  return weighted<PermissionCatalogResource>(
    [30, { name, level, verbs: usual }],
    [2, { name, level, verbs: usual.toReversed() }],
    [1, fc.constantFrom(...EVERYWHERE).map((other) => ({ name, level: other, verbs: usual }))],
    [2, fc.constantFrom(...oddVerbs(usual)).map((odd) => ({ name, level, verbs: odd }))],
  );
}

/** Verbs that contradict the usual ones, go in circles or imply what there is not. */
function oddVerbs(usual: Verbs): Verbs[] {
  const [first, ...others] = usual as [Verbs[number], ...Verbs];
  const last = usual.at(-1)!;
  const butLast = usual.slice(0, -1);
  return [
    [...butLast, { name: last.name, implies: [...(last.implies ?? []), "nothing"] }],
    [...usual, { name: "more", implies: [first.name] }],
    [{ name: first.name, implies: [first.name] }, ...others],
    [{ name: first.name, implies: [last.name] }, ...others],
    [...butLast, { name: last.name, implies: [] }],
    [...butLast, { name: last.name, implies: [...new Set([...(last.implies ?? []), first.name])] }],
  ];
}
