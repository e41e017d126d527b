import { formatTime } from "../kube/format-time.ts";
import type { Awaited } from "./domain-standing.ts";

/** As many as a message names. */
const NAMED = 5;

/**
 * Whom a change waits for, in a sentence without full stop.
 *
 * @param wallTimeAt turns an instant on the monotonic clock into milliseconds since 1970
 */
export function describeAwaited(awaited: readonly Awaited[], wallTimeAt: (at: number) => number): string {
  if (awaited.length === 0) return "Waits to be published";
  const replicas = awaited.flatMap((one) => ("sidecar" in one ? [] : [one.replica])).sort();
  const sidecars = awaited.flatMap((one) => ("sidecar" in one ? [one] : []));
  const named = sidecars
    .map(nameOf)
    .filter((name) => name !== "")
    .sort();
  const parts: string[] = [];
  if (replicas.length > 0) parts.push(`replica${plural(replicas.length)} ${list(replicas, replicas.length)}`);
  if (sidecars.length > 0) parts.push(`sidecar${plural(sidecars.length)} ${list(named, sidecars.length)}`);
  const ends = sidecars.map(({ until }) => until);
  const last = ends.every((end) => end !== undefined) ? Math.max(...(ends as number[])) : undefined;
  const isBounded = replicas.length === 0 && last !== undefined;
  // Rounded up: until then at the latest.
  const until = isBounded
    ? `, at the latest until ${formatTime(Math.ceil(wallTimeAt(last) / 1000) * 1000)}`
    : "";
  return `Waits for ${parts.join(" and ")}${until}`;
}

function nameOf({ sidecar, isLost, refused }: Extract<Awaited, { sidecar: string }>): string {
  if (sidecar === "") return "";
  if (refused !== undefined) return `${sidecar} (refuses it: ${refused})`;
  return isLost ? `${sidecar} (lost)` : sidecar;
}

function list(names: readonly string[], count: number): string {
  const shown = names.slice(0, NAMED);
  if (shown.length === 0) return `(${count} of unknown name)`;
  const more = count - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}

function plural(count: number): string {
  return count === 1 ? "" : "s";
}
