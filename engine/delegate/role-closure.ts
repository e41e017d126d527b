import { findIncludeCycles } from "../model/include-cycles.ts";
import type { AccessRole, AccessRoleGrant, AccessRoleRule } from "../model/objects.generated.ts";
import { isTerminating } from "../model/world.ts";

/** What a role comes to with all that it includes (semantics, section 4). */
export interface RoleClosure {
  readonly allow: readonly AccessRoleRule[];
  readonly deny: readonly AccessRoleRule[];
  readonly grants: readonly AccessRoleGrant[];
}

export const NOTHING: RoleClosure = { allow: [], deny: [], grants: [] };

/** Roles as they are written, and what they come to. */
export class RoleGraph {
  readonly roles: ReadonlyMap<string, AccessRole>;
  readonly #cycles: ReadonlyMap<string, unknown>;

  constructor(roles: Iterable<AccessRole>) {
    this.roles = new Map([...roles].map((role) => [role.metadata.name, role]));
    this.#cycles = findIncludeCycles(this.roles.values());
  }

  /** What a role comes to; nothing if it does not exist. */
  closureOf(name: string): RoleClosure {
    const reached = this.#reach(name, () => true);
    const giving = this.#cycles.has(name) ? [] : this.#reach(name, mayInclude);
    const deny = reached.flatMap(({ spec }) => (spec.rules ?? []).filter((rule) => rule.effect === "Deny"));
    return { ...givenBy(giving), deny };
  }

  /**
   * The most that a role may come to, whichever of the roles that are marked for deletion come back into use: circles that
   * lead through one of them count for nothing.
   */
  widestClosureOf(name: string): RoleClosure {
    const closure = this.closureOf(name);
    if (!this.#cycles.has(name) || !this.#reach(name, () => true).some(isTerminating)) return closure;
    return { ...givenBy(this.#reach(name, mayInclude)), deny: closure.deny };
  }

  /** The roles that reach a role by includes of whatever kind, itself first, whether it exists or not. */
  includersOf(name: string): string[] {
    const includers = new Map<string, string[]>();
    for (const { metadata, spec } of this.roles.values()) {
      for (const included of spec.includes ?? []) {
        const others = includers.get(included);
        if (others === undefined) includers.set(included, [metadata.name]);
        else others.push(metadata.name);
      }
    }
    const reached = new Set([name]);
    for (const role of reached) for (const includer of includers.get(role) ?? []) reached.add(includer);
    return [...reached];
  }

  #reach(name: string, follow: (from: AccessRole, to: AccessRole) => boolean): AccessRole[] {
    const first = this.roles.get(name);
    const reached = new Set(first === undefined ? [] : [first]);
    for (const from of reached) {
      for (const included of from.spec.includes ?? []) {
        const to = this.roles.get(included);
        if (to !== undefined && follow(from, to)) reached.add(to);
      }
    }
    return [...reached];
  }
}

/** What roles give together. */
function givenBy(roles: readonly AccessRole[]): Pick<RoleClosure, "allow" | "grants"> {
  return {
    allow: roles.flatMap(({ spec }) => (spec.rules ?? []).filter((rule) => rule.effect !== "Deny")),
    grants: roles.flatMap(({ spec }) => spec.grants ?? []),
  };
}

/** A role of an organization may be included only by roles of that organization. */
function mayInclude(from: AccessRole, to: AccessRole): boolean {
  return to.spec.organization === undefined || to.spec.organization === from.spec.organization;
}
