import type { CompiledRole, CompiledRule } from "../../proto/generated/shard.js";
import type { Condition } from "../condition/condition.ts";
import { SidegateError } from "../errors/sidegate-error.ts";
import { components } from "../model/components.ts";
import { LazyCondition } from "./lazy-condition.ts";
import type { LoadedCatalog } from "./loaded-catalog.ts";

/** A rule that names resources or has a condition, so that a mask alone does not decide. */
export interface NarrowRule {
  /** The role that it stands in, and its index among the rules there. */
  readonly role: number;
  readonly rule: number;
  /** The permissions that it stands for. */
  readonly mask: Uint32Array;
  /** Empty: any. */
  readonly names: readonly string[];
  readonly condition: Condition | undefined;
}

export interface NarrowRules {
  readonly allow: NarrowRule[];
  readonly deny: NarrowRule[];
}

/** One mask per role for each kind of rule: plain ones, and narrow ones, which have names or a condition. */
class MaskSet {
  readonly allow: Uint32Array;
  readonly deny: Uint32Array;
  readonly narrowAllow: Uint32Array;
  readonly narrowDeny: Uint32Array;

  constructor(words: number) {
    this.allow = new Uint32Array(words);
    this.deny = new Uint32Array(words);
    this.narrowAllow = new Uint32Array(words);
    this.narrowDeny = new Uint32Array(words);
  }
}

/**
 * The roles of a domain with what they carry through their includes (semantics, section 4).
 *
 * INVARIANT: `all` holds, for each role, the union of the `own` masks that its includes let through: Allow rules not at
 * all for a role that reaches a cycle and not through an include that is forbidden, Deny rules always.
 */
export class LoadedRoles {
  readonly count: number;
  readonly names: readonly string[];
  /** Bit n is set if the role may be assigned at level n. */
  readonly assignable: Uint8Array;
  /** The organization that owns the role; empty: none. */
  readonly organizations: readonly string[];
  /** As compiled, for what no decision asks. */
  readonly compiled: readonly CompiledRole[];
  readonly own: MaskSet;
  readonly all: MaskSet;
  readonly #words: number;
  readonly #includes: readonly (readonly number[])[];
  readonly #reachesCycle: Uint8Array;
  readonly #narrowRules: readonly NarrowRules[];
  // What `narrowRules` found, per role.
  readonly #closedNarrowRules: NarrowRules[] = [];

  constructor(roles: readonly CompiledRole[], catalog: LoadedCatalog) {
    this.count = roles.length;
    this.compiled = roles;
    this.names = roles.map((role) => role.name);
    this.organizations = roles.map((role) => role.organization);
    this.assignable = Uint8Array.from(roles, (role) => role.assignable);
    this.#words = catalog.words;
    this.#includes = roles.map((role) => checkIncludes(role, roles.length));
    this.#reachesCycle = new Uint8Array(roles.length);
    this.#narrowRules = roles.map(() => ({ allow: [], deny: [] }));
    this.own = new MaskSet(roles.length * catalog.words);
    this.all = new MaskSet(roles.length * catalog.words);
    for (const [row, role] of roles.entries())
      for (const [index, rule] of role.rules.entries()) this.#addRule(row, index, rule, catalog);
    for (const component of components(roles.length, (row) => this.#includes[row]!)) this.#close(component);
  }

  /** Where the masks of a role begin. */
  at(role: number): number {
    return role * this.#words;
  }

  /** The narrow rules that count in a role, included ones among them. */
  narrowRules(role: number): NarrowRules {
    return (this.#closedNarrowRules[role] ??= {
      allow: [...this.allowsFrom(role)].flatMap((from) => this.#narrowRules[from]!.allow),
      deny: [...this.reaches(role)].flatMap((from) => this.#narrowRules[from]!.deny),
    });
  }

  /** The roles that a role reaches through includes of whatever kind, itself included. */
  reaches(role: number): ReadonlySet<number> {
    return this.#reach(role, () => true);
  }

  /** The roles whose own Allow rules count in a role. */
  allowsFrom(role: number): ReadonlySet<number> {
    return this.#reachesCycle[role] ? new Set() : this.#reach(role, (from, to) => this.#mayInclude(from, to));
  }

  #reach(role: number, follow: (from: number, to: number) => boolean): Set<number> {
    const reached = new Set([role]);
    for (const from of reached) {
      for (const to of this.#includes[from]!) if (follow(from, to)) reached.add(to);
    }
    return reached;
  }

  /** A tenant's own role may be included only by roles of that organization. */
  #mayInclude(includer: number, included: number): boolean {
    const owner = this.organizations[included]!;
    return owner === "" || owner === this.organizations[includer];
  }

  #addRule(role: number, index: number, rule: CompiledRule, catalog: LoadedCatalog): void {
    const isNarrow = rule.names.length > 0 || rule.when !== "";
    const { own } = this;
    const masks = rule.deny ? (isNarrow ? own.narrowDeny : own.deny) : isNarrow ? own.narrowAllow : own.allow;
    const add = (mask: Uint32Array, at: number) =>
      rule.deny
        ? catalog.addDenied(rule.resources, rule.verbs, mask, at)
        : catalog.addAllowed(rule.resources, rule.verbs, mask, at);
    add(masks, this.at(role));
    if (!isNarrow) return;
    const mask = new Uint32Array(this.#words);
    add(mask, 0);
    const rules = this.#narrowRules[role]!;
    const condition = rule.when === "" ? undefined : new LazyCondition(rule.when);
    (rule.deny ? rules.deny : rules.allow).push({ role, rule: index, mask, names: rule.names, condition });
  }

  /** Fills `all` of the roles of a component; those that it points to are done. */
  #close(component: readonly number[]): void {
    const [first] = component as [number];
    const targets = component.flatMap((role) => this.#includes[role]!);
    const isCycle = component.length > 1 || targets.includes(first);
    if (isCycle || targets.some((to) => this.#reachesCycle[to]))
      for (const role of component) this.#reachesCycle[role] = 1;
    else this.#closeAllows(first);
    // Members of a cycle reach the same Deny rules: they are gathered at the first and then shared.
    for (const role of component) this.#mergeDenies(this.own, role, first);
    for (const target of targets) this.#mergeDenies(this.all, target, first);
    for (const role of component) this.#mergeDenies(this.all, first, role);
  }

  #closeAllows(role: number): void {
    this.#merge(this.own.allow, role, this.all.allow, role);
    this.#merge(this.own.narrowAllow, role, this.all.narrowAllow, role);
    for (const included of this.#includes[role]!) {
      if (!this.#mayInclude(role, included)) continue;
      this.#merge(this.all.allow, included, this.all.allow, role);
      this.#merge(this.all.narrowAllow, included, this.all.narrowAllow, role);
    }
  }

  #mergeDenies(source: MaskSet, from: number, to: number): void {
    this.#merge(source.deny, from, this.all.deny, to);
    this.#merge(source.narrowDeny, from, this.all.narrowDeny, to);
  }

  #merge(source: Uint32Array, from: number, target: Uint32Array, to: number): void {
    const words = this.#words;
    for (let word = 0; word < words; word++) target[to * words + word]! |= source[from * words + word]!;
  }
}

function checkIncludes(role: CompiledRole, count: number): readonly number[] {
  const named = [role.includes, ...role.delegations.map((delegation) => delegation.roles)];
  if (named.some((rows) => rows.some((row) => row >= count))) {
    throw new SidegateError("SG2002", `the role ${role.name} names a row beyond the ${count} roles`);
  }
  return role.includes;
}
