import type { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { Asker } from "../enumerate/asker.ts";
import { walkGrants } from "../enumerate/walk-grants.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { NarrowRule } from "../policy/loaded-roles.ts";

/** A way to an Allow or Deny: the condition of the binding, the names and the condition of the rule. */
type Term = readonly [binding: string, names: readonly string[], rule: string];

const PLAIN: Term = ["", [], ""];

/**
 * What it hangs on whether an asker has a permission at a scope, as a text: the same text over the same facts allows the
 * same.
 *
 * @param keys those of the asker
 * @param now milliseconds since 1970
 */
export function conditionTerms(
  asker: Asker,
  keys: KeySet,
  scope: ResolvedScope,
  permission: number,
  now: number,
): string {
  const { roles } = asker.policy.model;
  const allows: Term[] = [];
  const denies: Term[] = [];
  const add = (to: Term[], plain: boolean, rules: readonly NarrowRule[], when: string) => {
    if (plain) to.push(when === "" ? PLAIN : [when, [], ""]);
    for (const { mask, names, condition } of rules)
      if (hasBit(mask, 0, permission)) to.push([when, [...names].sort(), condition?.source ?? ""]);
  };
  walkGrants(asker, keys, scope, now, (grants, grant, role, isEffective) => {
    const when = grants.conditionOf(grant)?.source ?? "";
    const at = roles.at(role);
    const { allow, deny } = roles.narrowRules(role);
    if (isEffective) add(allows, hasBit(roles.all.allow, at, permission), allow, when);
    if (!grants.isDefault(grant)) add(denies, hasBit(roles.all.deny, at, permission), deny, when);
  });
  return JSON.stringify([allows.includes(PLAIN) ? [PLAIN] : unique(allows), unique(denies)]);
}

function unique(terms: readonly Term[]): string[] {
  return [...new Set(terms.map((term) => JSON.stringify(term)))].sort();
}

/** Whether terms can ask for facts that objects hold: attributes of a membership or scope, names, types. */
export function asksForStoredFacts(terms: string): boolean {
  return /\b(?:member|scope|organization|workspace)\b/.test(terms);
}
