import type { SidecarState } from "../../proto/generated/fleet.js";

/** What a sidecar has of a domain, and which replica says so. */
export interface FleetEntry extends SidecarState {
  readonly replica: string;
}

/** Characters of a revision that are shown. */
const REVISION = 12;

/** A table with a row for each sidecar and domain, and a line that sums it up. */
export function formatFleet(entries: readonly FleetEntry[]): string {
  const head = ["DOMAIN", "SIDECAR", "REVISION", "LAG", "LAST CONTACT", "CONNECTED", "REPLICA", "LAST NACK"];
  const rows = entries.map(rowOf);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("   ")
      .trimEnd();
  const current = entries.filter((entry) => entry.current).length;
  const table = entries.length === 0 ? [] : [head, ...rows].map(line);
  return `${[...table, sumOf(entries.length, current)].join("\n")}\n`;
}

function sumOf(total: number, current: number): string {
  if (total === 0) return "No sidecar is connected.";
  return `${current} of ${total} decide by the current policy.`;
}

function rowOf(entry: FleetEntry): string[] {
  const { domain, sidecar, revision, lastContactMs, connectedMs, replica } = entry;
  return [
    domain,
    sidecar,
    revision === "" ? "none" : revision.slice(0, REVISION),
    lagOf(entry),
    `${formatDuration(lastContactMs)} ago`,
    formatDuration(connectedMs),
    replica,
    refusalOf(entry),
  ];
}

function lagOf({ current, behind, lagMs }: SidecarState): string {
  if (current) return "-";
  // Then it is the replica that lags.
  return behind ? "ahead" : formatDuration(lagMs);
}

function refusalOf({ refusedCode, refusedRevision, refusedMessage }: SidecarState): string {
  if (refusedCode === "") return "-";
  return `${refusedCode} of ${refusedRevision.slice(0, REVISION)}: ${refusedMessage}`;
}

/** "420ms", "12s", "3m", "5h", "2d", as kubectl shows ages. @param ms milliseconds */
export function formatDuration(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1_000],
  ] as const;
  // Up to two of a unit say too little.
  for (const [unit, size] of units) if (ms >= 2 * size) return `${Math.floor(ms / size)}${unit}`;
  return `${ms}ms`;
}
