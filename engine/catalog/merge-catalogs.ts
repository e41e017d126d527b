import type { PermissionCatalog } from "../model/objects.generated.ts";
import { byCodeUnits } from "../model/order.ts";
import { Level, type LevelName } from "../model/scope.ts";
import { closeImplications } from "./close-implications.ts";

/** A resource type that the domain knows. */
export interface CatalogType {
  readonly name: string;
  readonly level: Level;
  /** Each verb with the verbs that it implies, transitively, without itself; in order of name. */
  readonly verbs: ReadonlyMap<string, readonly string[]>;
}

/** A declaration that does not count, and why. */
export interface CatalogProblem {
  readonly catalog: string;
  readonly type: string;
  readonly kind: "Contradiction" | "ImplicationCycle" | "BuiltIn" | "InvalidName";
  readonly message: string;
}

export interface Catalog {
  /** The types that count, in order of name. */
  readonly types: ReadonlyMap<string, CatalogType>;
  readonly problems: readonly CatalogProblem[];
}

type Declaration = NonNullable<PermissionCatalog["spec"]["resources"]>[number];

/** The type that is in every domain; a catalog's own declaration of it counts for nothing. */
const MEMBERSHIP: CatalogType = {
  name: "membership",
  level: Level.Organization,
  verbs: new Map([
    ["create", []],
    ["delete", []],
  ]),
};

/**
 * Merges the catalogs of a domain (semantics, section 1). A type that is declared twice with another level, verbs or
 * implications is unknown, and so is one whose implications form a cycle; other types are not affected.
 */
export function mergeCatalogs(catalogs: Iterable<PermissionCatalog>): Catalog {
  const declared = new Map<string, { catalog: string; declaration: Declaration }[]>();
  for (const catalog of catalogs) {
    for (const declaration of catalog.spec.resources ?? []) {
      const all = declared.get(declaration.name) ?? [];
      declared.set(declaration.name, all);
      all.push({ catalog: catalog.metadata.name, declaration });
    }
  }
  const types = new Map<string, CatalogType>();
  const problems: CatalogProblem[] = [];
  for (const name of [...new Set([...declared.keys(), MEMBERSHIP.name])].sort()) {
    if (name === MEMBERSHIP.name) types.set(name, MEMBERSHIP);
    const all = declared.get(name);
    if (all === undefined) continue;
    const declarations = all.map(({ declaration }) => declaration);
    const result = resolveType(name, declarations);
    if ("verbs" in result) types.set(name, result);
    else
      for (const catalog of all.map((d) => d.catalog).sort(byCodeUnits))
        problems.push({ catalog, type: name, ...result });
  }
  return { types, problems };
}

function resolveType(
  name: string,
  declarations: readonly Declaration[],
): CatalogType | Pick<CatalogProblem, "kind" | "message"> {
  if (name === MEMBERSHIP.name) {
    return {
      kind: "BuiltIn",
      message: `the type "${name}" is built in; take its declaration out of the catalog`,
    };
  }
  const forms = new Set(declarations.map(canonicalForm));
  const [first] = declarations as [Declaration];
  if (forms.size > 1 || hasContradictingVerbs(first)) {
    const message = `the type "${name}" is declared with different levels, verbs or implications; make them equal or rename one`;
    return { kind: "Contradiction", message };
  }
  if (name.includes(":") || first.verbs.some((verb) => verb.name.includes(":"))) {
    return {
      kind: "InvalidName",
      message: `the type "${name}" or one of its verbs has a colon in its name; rename it`,
    };
  }
  const verbs = closeImplications(new Map(first.verbs.map((verb) => [verb.name, verb.implies ?? []])));
  if (verbs === undefined) {
    return {
      kind: "ImplicationCycle",
      message: `verbs of the type "${name}" imply one another in a circle; break it`,
    };
  }
  return { name, level: Level[first.level as LevelName], verbs };
}

/** Two declarations are the same if their forms are: the order of verbs and implications does not matter. */
function canonicalForm(declaration: Declaration): string {
  return JSON.stringify([declaration.level, [...verbForms(declaration)].sort()]);
}

/** Whether one verb stands in a declaration with several sets of implications. */
function hasContradictingVerbs(declaration: Declaration): boolean {
  return verbForms(declaration).size !== new Set(declaration.verbs.map((verb) => verb.name)).size;
}

function verbForms({ verbs }: Declaration): Set<string> {
  return new Set(verbs.map(({ name, implies }) => JSON.stringify([name, [...new Set(implies)].sort()])));
}
