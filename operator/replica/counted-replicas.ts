import type { Lease } from "../election/lease.ts";

/**
 * The annotation of the leader's Lease that says which replicas the leader waits for: a JSON object of the acquireTime of
 * the replica's Lease by the replica's name. A replica serves nothing before it finds itself there, so that nothing is
 * called effective without one that could give somebody an older policy.
 */
export const COUNTED_REPLICAS = "sidegate.dev/replicas";

/** By replica, the acquireTime under which the leader counts it. */
export function countedIn(leaderLease: Lease | undefined): Readonly<Record<string, string>> {
  const text = leaderLease?.metadata.annotations?.[COUNTED_REPLICAS];
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, string>) : {};
  } catch {
    return {};
  }
}
