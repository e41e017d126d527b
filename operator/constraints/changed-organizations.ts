import type { Policy } from "../../engine/policy/policy.ts";

/** Platform among organizations, whose names are never empty. */
export const PLATFORM = "";

type Sharded = Pick<Policy, "organizations" | "manifest">;

/**
 * The organizations in which constraints may do something else than before, and `PLATFORM` if they may there: those whose
 * shards are not the same, all of either policy where a shard is not the same that matters to all.
 */
export function changedOrganizations(before: Sharded | undefined, after: Sharded): Set<string> {
  const changed = changedShards(before, after);
  if (changed.some(isForAll))
    return new Set([PLATFORM, ...after.organizations.keys(), ...(before?.organizations.keys() ?? [])]);
  const ofOrganizations = changed.filter((id) => id.startsWith(ORGANIZATION));
  return new Set(ofOrganizations.map((id) => id.slice(ORGANIZATION.length)));
}

const ORGANIZATION = "organization/";

/** The ids of the shards that only one of the policies has, or that differ. */
function changedShards(before: Sharded | undefined, after: Sharded): string[] {
  const old = new Map(before?.manifest.shards.map(({ id, hash }) => [id, hash]));
  const made = new Map(after.manifest.shards.map(({ id, hash }) => [id, hash]));
  const ids = new Set([...old.keys(), ...made.keys()]);
  return [...ids].filter((id) => old.get(id) !== made.get(id));
}

/** Whether a shard matters to all organizations: settings and roles, grants at Platform, groups. */
function isForAll(id: string): boolean {
  return id === "model" || id === "platform" || id.startsWith("subjects/");
}
