import type { ModelShard } from "../../proto/generated/shard.js";
import { SidegateError } from "../errors/sidegate-error.ts";
import type { LoadedTokenPolicy } from "../token/token-policy.ts";
import { LoadedCatalog } from "./loaded-catalog.ts";
import { LoadedConstraints } from "./loaded-constraints.ts";
import { LoadedRoles } from "./loaded-roles.ts";
import { readTokenPolicy } from "./read-token-policy.ts";

/** Settings, catalog, roles, constraints and token policies of a domain, ready for decisions. */
export class LoadedModel {
  readonly membershipRequired: boolean;
  readonly staleness: { readonly maxSeconds: number; readonly then: "Deny" | "Error" };
  readonly catalog: LoadedCatalog;
  readonly roles: LoadedRoles;
  readonly roleRows: ReadonlyMap<string, number>;
  readonly constraints: LoadedConstraints;
  readonly tokenPolicies: readonly LoadedTokenPolicy[];
  /** What is given on joining: rows of roles, by the type of environment; by "" at the organization. */
  readonly defaults: ReadonlyMap<string, number>;

  constructor(shard: ModelShard) {
    this.membershipRequired = !shard.membershipOptional;
    this.staleness = { maxSeconds: shard.stalenessMaxSeconds, then: shard.staleIsError ? "Error" : "Deny" };
    this.catalog = new LoadedCatalog(shard.types);
    this.roles = new LoadedRoles(shard.roles, this.catalog);
    this.roleRows = new Map(shard.roles.map((role, row) => [role.name, row]));
    this.constraints = new LoadedConstraints(shard.constraints, this.roles);
    this.tokenPolicies = shard.tokenPolicies.map(readTokenPolicy);
    this.defaults = new Map(shard.defaults.map(({ type, role }) => [type, checkRow(role, this.roles.count)]));
  }
}

function checkRow(role: number, count: number): number {
  if (role < count) return role;
  throw new SidegateError("SG2002", `a default gives the role in row ${role}, beyond the ${count} roles`);
}
