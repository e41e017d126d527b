import type { Catalog } from "../catalog/merge-catalogs.ts";
import { matchesNames } from "../decide/match-names.ts";
import type { AccessRoleRule } from "../model/objects.generated.ts";

/**
 * How rules compare with one another as they are written, for whoever edits roles. What `*` stands for grows with the
 * catalogs, and a type that nobody declares today may be declared tomorrow, so only `*` covers `*` and names are compared
 * whether the catalogs know them or not. Implications are taken as they are now.
 */

/** One thing that a rule speaks of: `*` and names that end in it stand for many. */
export interface Claim {
  readonly resource: string;
  readonly verb: string;
  /** Undefined: whatever name, or none. */
  readonly name: string | undefined;
}

/** What a rule speaks of, taken apart. */
export function claimsOf({ resources, verbs, names = [] }: AccessRoleRule): Claim[] {
  const all = names.length === 0 ? [undefined] : [...new Set(names)];
  return [...new Set(resources)].flatMap((resource) =>
    [...new Set(verbs)].flatMap((verb) => all.map((name) => ({ resource, verb, name }))),
  );
}

export function isConditional({ when = "" }: AccessRoleRule): boolean {
  return when !== "";
}

/** Whether two rules say the same: the order of lists does not count. */
export function isSameRule(a: AccessRoleRule, b: AccessRoleRule): boolean {
  return (
    (a.effect ?? "Allow") === (b.effect ?? "Allow") &&
    (a.when ?? "") === (b.when ?? "") &&
    isSameSet(a.resources, b.resources) &&
    isSameSet(a.verbs, b.verbs) &&
    isSameSet(a.names ?? [], b.names ?? [])
  );
}

/** Whether an Allow rule allows all that a claim stands for. Its condition is not looked at. */
export function allowCovers(rule: AccessRoleRule, claim: Claim, catalog: Catalog): boolean {
  return (
    holds(rule.resources, claim.resource) &&
    (holds(rule.verbs, claim.verb) ||
      rule.verbs.some((verb) => implies(catalog, claim.resource, verb, claim.verb))) &&
    namesCover(rule.names, claim.name)
  );
}

/** Whether a Deny rule denies all that a claim of another one stands for. Its condition is not looked at. */
export function denyCovers(rule: AccessRoleRule, claim: Claim, catalog: Catalog): boolean {
  return (
    holds(rule.resources, claim.resource) &&
    (holds(rule.verbs, claim.verb) ||
      rule.verbs.some((verb) => implies(catalog, claim.resource, claim.verb, verb))) &&
    namesCover(rule.names, claim.name)
  );
}

/** Whether a Deny rule may take away anything of what Allow on a claim gives, implied verbs included. */
export function denyTouches(rule: AccessRoleRule, claim: Claim, catalog: Catalog): boolean {
  const types = claim.resource === "*" ? rule.resources : [claim.resource];
  return types.some(
    (type) =>
      holds(rule.resources, type) &&
      (claim.verb === "*" ||
        holds(rule.verbs, claim.verb) ||
        rule.verbs.some((verb) => mayImply(catalog, type, claim.verb, verb))) &&
      namesTouch(rule.names, claim.name),
  );
}

/** Writes a claim as a permission, with the name if there is one. */
export function formatClaim({ resource, verb, name }: Claim): string {
  return name === undefined ? `${resource}:${verb}` : `${resource}:${verb} on ${JSON.stringify(name)}`;
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every((text) => b.includes(text));
}

function holds(list: readonly string[], wanted: string): boolean {
  return list.includes("*") || list.includes(wanted);
}

function implies(catalog: Catalog, type: string, verb: string, implied: string): boolean {
  return catalog.types.get(type)?.verbs.get(verb)?.includes(implied) ?? false;
}

/** As `implies`, where the type may be `*`: then of any type. */
function mayImply(catalog: Catalog, type: string, verb: string, implied: string): boolean {
  if (type !== "*") return implies(catalog, type, verb, implied);
  return [...catalog.types.keys()].some((known) => implies(catalog, known, verb, implied));
}

function namesCover(names: readonly string[] = [], name: string | undefined): boolean {
  return names.length === 0 || (name !== undefined && matchesNames(names, name));
}

function namesTouch(names: readonly string[] = [], name: string | undefined): boolean {
  if (names.length === 0 || name === undefined) return true;
  return names.some((pattern) => namesCover([pattern], name) || namesCover([name], pattern));
}
