import { Level } from "../model/scope.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import { KeySet, SUBJECT } from "./key-set.ts";

/** Where a scope lies: its row in the shard of its organization, or of Platform. */
export interface ResolvedScope {
  readonly grants: LoadedGrants;
  readonly row: number;
  readonly level: Level;
}

const key = new KeySet();

/** Finds a well-formed scope, or returns undefined if it does not exist. */
export function resolveScope(policy: Policy, scope: string): ResolvedScope | undefined {
  if (scope === "platform") return { grants: policy.platform, row: 0, level: Level.Platform };
  const level = levelOf(scope);
  const name = scope.indexOf("/") + 1;
  if (level === Level.Organization) {
    const grants = policy.organizations.get(scope.slice(name));
    return grants === undefined ? undefined : { grants, row: 0, level };
  }
  key.start(48 + level, scope, name);
  const [start, end, hash] = [key.starts[SUBJECT]!, key.ends[SUBJECT]!, key.hashes[SUBJECT]!];
  const grants = policy.scopes.organizationOf(key.bytes, start, end, hash);
  const row = grants === undefined ? -1 : grants.findScope(key.bytes, start, end, hash);
  return grants === undefined || row < 0 ? undefined : { grants, row, level };
}

/** The level of a well-formed scope below Platform, by its first letter. */
function levelOf(scope: string): Level {
  const first = scope.charCodeAt(0);
  if (first === 111) return Level.Organization;
  return first === 119 ? Level.Workspace : Level.Environment;
}
