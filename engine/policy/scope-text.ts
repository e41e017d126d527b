import { formatScope, levelName } from "../model/scope.ts";
import type { LoadedGrants } from "./loaded-grants.ts";

/** A scope as requests write it: "platform", "environment/acme-prod". @param row of the shard */
export function scopeText(grants: LoadedGrants, row: number): string {
  return formatScope(levelName(grants.levelOf(row)), scopeName(grants, row));
}

/** The name of a scope; empty: Platform. @param row of the shard */
export function scopeName(grants: LoadedGrants, row: number): string {
  return grants.scopes.text(row).slice(1);
}
