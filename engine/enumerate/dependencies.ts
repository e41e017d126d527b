import type { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { NarrowRule } from "../policy/loaded-roles.ts";
import type { Asker } from "./asker.ts";
import type { DependencyList } from "./holding.ts";
import { admittedAt } from "./outlook.ts";
import { walkGrants } from "./walk-grants.ts";

/**
 * Adds what permissions hang on that an asker may have at a scope. One that a plain Allow rule gives hangs on Deny rules and
 * the token alone.
 *
 * @param keys those of the asker
 * @param now milliseconds since 1970
 */
export function addDependencies(
  found: DependencyList,
  asker: Asker,
  keys: KeySet,
  scope: ResolvedScope,
  permissions: Iterable<number>,
  now: number,
): void {
  const admitted = admittedAt(asker, keys, scope, now);
  for (const permission of permissions) {
    const ofPermission = new Dependencies(asker, admitted, permission);
    walkGrants(asker, keys, scope, now, ofPermission.see);
    ofPermission.addTo(found);
  }
}

/** Adds one thing that a permission hangs on. */
type Adding = (found: DependencyList) => void;

class Dependencies {
  readonly #asker: Asker;
  readonly #admitted: ReadonlySet<number> | undefined;
  readonly #permission: number;
  readonly #allows: Adding[] = [];
  readonly #denies: Adding[] = [];
  #isPlain = false;

  constructor(asker: Asker, admitted: ReadonlySet<number> | undefined, permission: number) {
    this.#asker = asker;
    this.#admitted = admitted;
    this.#permission = permission;
  }

  readonly see = (grants: LoadedGrants, grant: number, role: number, isEffective: boolean): void => {
    const when = grants.conditionOf(grant)?.source;
    if (isEffective) this.#addAllows(role, when);
    if (!grants.isDefault(grant)) this.#addDenies(role, when);
  };

  addTo(found: DependencyList): void {
    if (!this.#isPlain) for (const add of this.#allows) add(found);
    for (const add of this.#denies) add(found);
    for (const attribute of this.#asker.token?.attributesOf(this.#permission) ?? [])
      found.add("TokenAttribute", attribute);
  }

  /** @param when the condition of the binding */
  #addAllows(role: number, when: string | undefined): void {
    const { roles } = this.#asker.policy.model;
    const isAdmitted = (from: number) => this.#admitted?.has(from) ?? true;
    const isAllowed = [...roles.allowsFrom(role)].some(
      (from) => isAdmitted(from) && hasBit(roles.own.allow, roles.at(from), this.#permission),
    );
    const rules = roles
      .narrowRules(role)
      .allow.filter((rule) => isAdmitted(rule.role) && this.#concerns(rule));
    if (isAllowed && when === undefined) this.#isPlain = true;
    if (this.#isPlain || (!isAllowed && rules.length === 0)) return;
    this.#allows.push((found) => {
      if (when !== undefined) found.add("Condition", when);
      if (!isAllowed) for (const rule of rules) addRule(found, rule, "Names", "Condition");
    });
  }

  #addDenies(role: number, when: string | undefined): void {
    const { roles } = this.#asker.policy.model;
    const isDenied = hasBit(roles.all.deny, roles.at(role), this.#permission);
    const rules = roles.narrowRules(role).deny.filter((rule) => this.#concerns(rule));
    if (!isDenied && rules.length === 0) return;
    this.#denies.push((found) => {
      if (when !== undefined) found.add("DenyCondition", when);
      if (!isDenied) for (const rule of rules) addRule(found, rule, "DenyNames", "DenyCondition");
    });
  }

  #concerns({ mask }: NarrowRule): boolean {
    return hasBit(mask, 0, this.#permission);
  }
}

function addRule(
  found: DependencyList,
  { names, condition }: NarrowRule,
  namesKind: "Names" | "DenyNames",
  conditionKind: "Condition" | "DenyCondition",
): void {
  found.addNames(namesKind, names);
  if (condition !== undefined) found.add(conditionKind, condition.source);
}
