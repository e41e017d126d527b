import type { ModelShard } from "../../proto/generated/shard.js";
import { LoadedCatalog } from "./loaded-catalog.ts";
import { LoadedRoles } from "./loaded-roles.ts";

/** Settings, catalog and roles of a domain, ready for decisions. */
export class LoadedModel {
  readonly membershipRequired: boolean;
  readonly staleness: { readonly maxSeconds: number; readonly then: "Deny" | "Error" };
  readonly catalog: LoadedCatalog;
  readonly roles: LoadedRoles;
  readonly roleRows: ReadonlyMap<string, number>;

  constructor(shard: ModelShard) {
    this.membershipRequired = !shard.membershipOptional;
    this.staleness = { maxSeconds: shard.stalenessMaxSeconds, then: shard.staleIsError ? "Error" : "Deny" };
    this.catalog = new LoadedCatalog(shard.types);
    this.roles = new LoadedRoles(shard.roles, this.catalog);
    this.roleRows = new Map(shard.roles.map((role, row) => [role.name, row]));
  }
}
