import type { StepBudget } from "../condition/step-budget.ts";
import { admittedRoles } from "../decide/active-roles.ts";
import { Circumstances } from "../decide/circumstances.ts";
import { type ExaminedGrant, examineGrants, isEffective } from "../decide/examine-grants.ts";
import type { KeySet } from "../decide/key-set.ts";
import type { DecisionRequest } from "../decide/request.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { Level } from "../model/scope.ts";
import { hasLevel } from "../model/scope.ts";
import type { Policy } from "../policy/policy.ts";

/** What section 8 of the semantics calls it: adding a subject to bindings of a role, or removing one. */
export type GrantVerb = "Give" | "Take";

/** What an actor may give and take at one scope, the scope's level not yet asked. */
export class ActorRights {
  readonly #policy: Policy;
  /** The roles whose grants entries count, each once. */
  readonly #from: readonly number[];

  private constructor(policy: Policy, from: readonly number[]) {
    this.#policy = policy;
    this.#from = from;
  }

  /**
   * Gathers the grants entries of the actor's effective grants at a scope (semantics, section 8). Conditions are evaluated
   * without context and resource. Suspension, dynamic constraints and Deny rules are not asked.
   *
   * @param keys what the actor acts under
   * @param active the rows of the actor's active roles, if it chose any
   * @param now milliseconds since 1970
   * @param budget what the steps of conditions are taken from; left out: one of its own
   */
  static at(
    policy: Policy,
    keys: KeySet,
    actor: DecisionRequest,
    scope: ResolvedScope,
    active: readonly number[] | undefined,
    now: number,
    budget?: StepBudget,
  ): ActorRights {
    const bare = { ...actor, permission: "", resourceName: "", resourceAttributes: {}, context: {} };
    const circumstances = new Circumstances(policy, keys, bare, scope, now, budget);
    const admitted = active && admittedRoles(policy, keys, scope, active, now);
    const counts = ({ grants, grant }: ExaminedGrant) => circumstances.isMet(grants.conditionOf(grant));
    const from = new Set<number>();
    for (const grant of examineGrants(policy, keys, scope, now)) {
      if (!isEffective(grant) || !counts(grant)) continue;
      for (const role of policy.model.roles.allowsFrom(grant.role))
        if (admitted === undefined || admitted.has(role)) from.add(role);
    }
    return new ActorRights(policy, [...from]);
  }

  /** Whether an entry lists the role, the level and the verb. @param role a row of the model */
  allows(verb: GrantVerb, role: number, level: Level): boolean {
    return this.#entries().some(
      (entry) =>
        (verb === "Give" ? entry.give : entry.take) &&
        hasLevel(entry.levels, level) &&
        entry.roles.includes(role),
    );
  }

  /** The roles that some entry lists for the level, rows of the model in ascending order. */
  rolesAt(level: Level): number[] {
    const listed = this.#entries().filter(({ levels }) => hasLevel(levels, level));
    return [...new Set(listed.flatMap(({ roles }) => roles))].sort((a, b) => a - b);
  }

  #entries() {
    return this.#from.flatMap((role) => this.#policy.model.roles.compiled[role]!.delegations);
  }
}
