import type { PermissionCatalog } from "../../engine/model/objects.generated.ts";
import type { LevelName } from "../../engine/model/scope.ts";

/** A resource type that the domain knows. */
export interface DeclaredType {
  readonly name: string;
  readonly level: LevelName;
  readonly verbs: readonly DeclaredVerb[];
}

export interface DeclaredVerb {
  readonly name: string;
  /** As declared: not followed further, and it may name verbs that are not declared. */
  readonly implies: readonly string[];
}

/** "The type `membership` (level Organization, verbs `create`, `delete`) is in every domain." */
const MEMBERSHIP: DeclaredType = {
  name: "membership",
  level: "Organization",
  verbs: [
    { name: "create", implies: [] },
    { name: "delete", implies: [] },
  ],
};

/**
 * Section 1: "Catalogs merge. A type declared twice with another level, verbs or implications (as declared) is unknown,
 * only that type." Section 5: "A cycle, a verb that implies itself included, makes the type unknown."
 */
export function knownTypes(catalogs: readonly PermissionCatalog[]): DeclaredType[] {
  // "A catalog's own declaration of [membership] counts for nothing."
  const declarations = catalogs.flatMap(declaredIn).filter((type) => type.name !== MEMBERSHIP.name);
  const known = declarations.filter((type, index) => {
    const namesakes = declarations.filter((other) => other.name === type.name);
    const isFirst = declarations.findIndex((other) => other.name === type.name) === index;
    return (
      isFirst && namesakes.every((other) => saysTheSame(type, other)) && !hasCycle(type) && !hasColon(type)
    );
  });
  return [MEMBERSHIP, ...known];
}

/**
 * Section 5: "`implies` works within one type: Allow on a verb allows what it implies, transitively." Whether holding
 * `verb` gives `wanted`, which holding `wanted` itself does. A verb that the type does not declare gives nothing.
 */
export function gives(type: DeclaredType, verb: string, wanted: string): boolean {
  return (
    type.verbs.some(({ name }) => name === verb) &&
    (verb === wanted || impliedBy(type, verb).includes(wanted))
  );
}

/** "Names of types and verbs have no colon." */
function hasColon(type: DeclaredType): boolean {
  return [type.name, ...type.verbs.map(({ name }) => name)].some((name) => name.includes(":"));
}

function hasCycle(type: DeclaredType): boolean {
  return type.verbs.some(({ name }) => impliedBy(type, name).includes(name));
}

/** What a verb implies in one step or more. */
function impliedBy(type: DeclaredType, verb: string): string[] {
  const implied: string[] = [];
  const open = [verb];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (const to of type.verbs.find(({ name }) => name === from)?.implies ?? []) {
      // An implied verb that is not declared is inert, as every entry that names something missing.
      if (implied.includes(to) || !type.verbs.some(({ name }) => name === to)) continue;
      implied.push(to);
      open.push(to);
    }
  }
  return implied;
}

function declaredIn(catalog: PermissionCatalog): DeclaredType[] {
  return catalog.spec.resources.map(({ name, level, verbs }) => ({
    name,
    level,
    verbs: verbs.map((verb) => ({ name: verb.name, implies: verb.implies ?? [] })),
  }));
}

/** Whether two declarations have the same level, verbs and implications, whatever the order and repetitions. */
function saysTheSame(a: DeclaredType, b: DeclaredType): boolean {
  return a.level === b.level && holdsVerbsOf(a, b) && holdsVerbsOf(b, a);
}

function holdsVerbsOf(a: DeclaredType, b: DeclaredType): boolean {
  return b.verbs.every(({ name, implies }) =>
    a.verbs.some((verb) => verb.name === name && implies.every((implied) => verb.implies.includes(implied))),
  );
}
