import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { someGrant } from "../decide/some-grant.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";

/**
 * Finds the subjects of bindings from which a permission may come at a scope: those with a grant in force that applies there
 * and whose role has an Allow rule for it. Cheap, so that most subjects of a large policy need no closer look.
 */
export class Sources {
  readonly #policy: Policy;
  readonly #scope: ResolvedScope;
  readonly #now: number;
  /** By role. */
  readonly #mayAllow: Uint8Array;

  /** @param permission its number in the catalog @param now milliseconds since 1970 */
  constructor(policy: Policy, scope: ResolvedScope, permission: number, now: number) {
    this.#policy = policy;
    this.#scope = scope;
    this.#now = now;
    const { roles } = policy.model;
    const { allow, narrowAllow } = roles.all;
    this.#mayAllow = Uint8Array.from({ length: roles.count }, (_, role) => {
      const at = roles.at(role);
      return hasBit(allow, at, permission) || hasBit(narrowAllow, at, permission) ? 1 : 0;
    });
  }

  /** @param subject a row of the shard of Platform or of the scope's organization */
  has(grants: LoadedGrants, subject: number): boolean {
    const row = grants === this.#policy.platform ? 0 : this.#scope.row;
    return someGrant(grants, subject, row, this);
  }

  visit(grants: LoadedGrants, grant: number): boolean {
    const role = grants.roleOf(grant, this.#policy.model);
    return role >= 0 && this.#mayAllow[role] === 1 && grants.isInForce(grant, this.#now);
  }
}
