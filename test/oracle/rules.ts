import type { AccessRoleRule } from "../../engine/model/objects.generated.ts";
import { type DeclaredType, gives } from "./catalog.ts";
import type { Verdict } from "./conditions.ts";
import { isDefault } from "./default-name.ts";
import type { Existing } from "./existing.ts";
import type { Grant } from "./grants.ts";
import { reachedRoles, rolesAllowingIn } from "./includes.ts";

/** A rule as it comes with a grant. */
export interface GrantedRule {
  readonly rule: AccessRoleRule;
  /** The role in which the rule stands. */
  readonly role: string;
  /** Every `when` on the way: the rule's and the binding's. */
  readonly conditions: readonly string[];
}

/** The Allow rules of a grant; those without `effect` are among them ("Allow (default) or Deny"). */
export function allowRules(world: Existing, grant: Grant): GrantedRule[] {
  const roles = rolesAllowingIn(world.roles, grant.role.metadata.name);
  return rulesIn(world, grant, roles).filter(({ rule }) => rule.effect !== "Deny");
}

/**
 * The Deny rules of a grant. Section 9: "A default role has no Deny rules, own or included: [...] any that it gets all the
 * same do not count through a default".
 */
export function denyRules(world: Existing, grant: Grant): GrantedRule[] {
  if (isDefault(grant.binding)) return [];
  const roles = reachedRoles(world.roles, grant.role.metadata.name);
  return rulesIn(world, grant, roles).filter(({ rule }) => rule.effect === "Deny");
}

function rulesIn(world: Existing, grant: Grant, roles: readonly string[]): GrantedRule[] {
  return world.roles
    .filter(({ metadata }) => roles.includes(metadata.name))
    .flatMap(({ metadata, spec }) =>
      (spec.rules ?? []).map((rule) => ({
        rule,
        role: metadata.name,
        conditions: [rule.when, grant.binding.spec.when].filter((when) => when !== undefined),
      })),
    );
}

/**
 * Section 5: "A rule matches when its resources hold the type or `*`, its verbs hold the verb or `*`"; "Allow on a verb
 * allows what it implies". Names and conditions are left to the caller.
 */
export function allowsVerb(rule: AccessRoleRule, type: DeclaredType, verb: string): boolean {
  return (
    holds(rule.resources, type.name) &&
    (rule.verbs.includes("*") || rule.verbs.some((v) => gives(type, v, verb)))
  );
}

/** "Deny on a verb denies every verb that implies it." */
export function deniesVerb(rule: AccessRoleRule, type: DeclaredType, verb: string): boolean {
  return (
    holds(rule.resources, type.name) &&
    (rule.verbs.includes("*") || rule.verbs.some((v) => gives(type, verb, v)))
  );
}

/**
 * "Names empty: any. Otherwise the resource name must be one of them, byte for byte, or have one of them as prefix where
 * it ends in `*`; without a resource name, an Allow with names does not match and a Deny with names does."
 */
export function namesMatch(rule: AccessRoleRule, resourceName: string): boolean {
  if (!hasNames(rule)) return true;
  if (resourceName === "") return rule.effect === "Deny";
  return (rule.names ?? []).some(
    (name) => name === resourceName || (name.endsWith("*") && resourceName.startsWith(name.slice(0, -1))),
  );
}

/** 4.6 and section 5: each `when` on the way "is true"; an error is "no match in an Allow rule". */
export function allowConditionsMet(
  { conditions }: GrantedRule,
  evaluate: (source: string) => Verdict,
): boolean {
  return conditions.every((source) => evaluate(source) === true);
}

/** A Deny rule counts while "no `when` on the way is false (an error counts as true)". */
export function denyConditionsMet(
  { conditions }: GrantedRule,
  evaluate: (source: string) => Verdict,
): boolean {
  return !conditions.some((source) => evaluate(source) === false);
}

export function hasNames(rule: AccessRoleRule): boolean {
  return (rule.names ?? []).length > 0;
}

function holds(list: readonly string[], name: string): boolean {
  return list.includes("*") || list.includes(name);
}
