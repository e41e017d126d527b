import type { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { Asker } from "../enumerate/asker.ts";
import { walkGrants } from "../enumerate/walk-grants.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { NarrowRule } from "../policy/loaded-roles.ts";

/** A way to an Allow or Deny: what must all hold. */
interface Term {
  /** The condition of the binding, and of the rule; empty: none. */
  readonly binding: string;
  readonly rule: string;
  /** Empty: any. */
  readonly names: readonly string[];
}

/** What it hangs on whether somebody has a permission at a scope: one of `allows`, and none of `denies`. */
export interface ConditionTerms {
  readonly allows: readonly Term[];
  readonly denies: readonly Term[];
}

/**
 * What it hangs on whether an asker has a permission at a scope.
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
): ConditionTerms {
  const { roles } = asker.policy.model;
  const allows: Term[] = [];
  const denies: Term[] = [];
  const add = (to: Term[], plain: boolean, rules: readonly NarrowRule[], when: string) => {
    if (plain) to.push({ binding: when, rule: "", names: [] });
    for (const { mask, names, condition } of rules)
      if (hasBit(mask, 0, permission)) to.push({ binding: when, rule: condition?.source ?? "", names });
  };
  walkGrants(asker, keys, scope, now, (grants, grant, role, isEffective) => {
    const when = grants.conditionOf(grant)?.source ?? "";
    const at = roles.at(role);
    const { allow, deny } = roles.narrowRules(role);
    if (isEffective) add(allows, hasBit(roles.all.allow, at, permission), allow, when);
    if (!grants.isDefault(grant)) add(denies, hasBit(roles.all.deny, at, permission), deny, when);
  });
  return { allows, denies };
}

/** Whether terms allow nothing over the same facts that others do not. False where that can not be told. */
export function isWithin(terms: ConditionTerms, others: ConditionTerms): boolean {
  return isCovered(terms.allows, others.allows) && isCovered(others.denies, terms.denies);
}

/** Whether terms can ask for facts that objects hold: attributes of a membership or scope, names, types. */
export function asksForStoredFacts({ allows, denies }: ConditionTerms): boolean {
  return [...allows, ...denies].some(({ binding, rule }) => STORED.test(binding) || STORED.test(rule));
}

const STORED = /\b(?:member|scope|organization|workspace)\b/;

/** Whether each term holds only where one of the others does. */
function isCovered(terms: readonly Term[], others: readonly Term[]): boolean {
  return terms.every((term) => others.some((other) => implies(term, other)));
}

/** Whether one term asks for all that the other asks for. An error in a condition is taken alike in both. */
function implies(term: Term, other: Term): boolean {
  const asks = (condition: string) =>
    condition === "" || condition === term.binding || condition === term.rule;
  const isNamed =
    other.names.length === 0 ||
    (term.names.length > 0 && term.names.every((name) => other.names.includes(name)));
  return asks(other.binding) && asks(other.rule) && isNamed;
}
