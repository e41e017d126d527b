import { knownTypes } from "./catalog.ts";
import { effectiveGrants } from "./effective.ts";
import type { Existing } from "./existing.ts";
import { denyingGrants } from "./grants.ts";
import { allowRules, allowsVerb, deniesVerb, denyRules, hasNames } from "./rules.ts";
import { allScopes, chainOf, isSameScope, type Scope } from "./scopes.ts";
import type { Asker } from "./subjects.ts";

/**
 * Section 5: "A subject sees a scope if some permission of that scope's level is allowed there or could be [...], or if it
 * sees a scope below." A scope that does not exist is not seen.
 */
export function isVisible(world: Existing, asker: Asker, scope: Scope, now: number): boolean {
  return allScopes(world)
    .filter((below) => chainOf(world, below)?.some((ancestor) => isSameScope(ancestor, scope)))
    .some((below) => mayDoSomethingAt(world, asker, below, now));
}

/**
 * "Names and conditions taken as met for Allow; a Deny without names and condition takes away"; "active roles [...] do not
 * change what is visible".
 */
function mayDoSomethingAt(world: Existing, asker: Asker, scope: Scope, now: number): boolean {
  const allows = effectiveGrants(world, asker, scope, now).flatMap((grant) => allowRules(world, grant));
  const denies = denyingGrants(world, asker, scope, now)
    .flatMap((grant) => denyRules(world, grant))
    .filter(({ rule, conditions }) => !hasNames(rule) && conditions.length === 0);
  return knownTypes(world.catalogs)
    .filter((type) => type.level === scope.kind)
    .some((type) =>
      type.verbs.some(
        ({ name }) =>
          allows.some(({ rule }) => allowsVerb(rule, type, name)) &&
          !denies.some(({ rule }) => deniesVerb(rule, type, name)),
      ),
    );
}
