import type { Line, Unit } from "./benchmark.ts";
import type { Machine } from "./describe-machine.ts";
import { type Summary, summarize } from "./statistics.ts";

/** Whether a figure is what it should be: by its median. */
export type Verdict = "met" | "missed" | "not measured" | "";

/** A line as it is printed and written to JSON. */
export interface Row {
  readonly what: string;
  readonly unit?: Unit;
  readonly summary?: Summary;
  readonly target?: number;
  readonly verdict: Verdict;
  readonly missing?: string;
}

/** @param hasTargets false where the sizes are not those of the targets */
export function toRow(line: Line, hasTargets: boolean): Row {
  if ("missing" in line) return { ...line, verdict: "not measured" };
  const { what, unit, samples, target } = line;
  const summary = summarize(samples);
  if (target === undefined || !hasTargets) return { what, unit, summary, verdict: "" };
  return { what, unit, summary, target, verdict: summary.median <= target ? "met" : "missed" };
}

export function formatMachine(machine: Machine): string {
  const { cpu, cores, memory, system, node, packages, commit, load } = machine;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    `${cores} x ${cpu}, ${memory} GB, ${system}`,
    `Node ${node}, ${versions.join(", ")}`,
    `commit ${commit}, load ${load.toFixed(2)} at the start`,
  ].join("\n");
}

const headings = ["", "median", "quartiles", "rounds", "target", ""];
const WHAT = 62;

/** The heading of the table. */
export function formatHeading(title: string): string {
  return `${formatCells([title, ...headings.slice(1)])}\n${"-".repeat(WHAT + 51)}`;
}

export function formatRow({ what, unit, summary, target, verdict, missing }: Row): string {
  if (unit === undefined || summary === undefined) return `${what.padEnd(WHAT)} ${verdict}: ${missing}`;
  const { median, low, high, rounds } = summary;
  return formatCells([
    what,
    formatValue(median, unit),
    `${formatNumber(low)}-${formatNumber(high)}`,
    String(rounds),
    target === undefined ? "" : formatValue(target, unit),
    verdict,
  ]);
}

function formatCells([what, median, spread, rounds, target, verdict]: readonly string[]): string {
  const cells = [
    median?.padStart(10),
    spread?.padStart(13),
    rounds?.padStart(6),
    target?.padStart(9),
    verdict,
  ];
  return `${what?.padEnd(WHAT)} ${cells.join(" ")}`.trimEnd();
}

function formatValue(value: number, unit: Unit): string {
  return unit === "x" ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

/** Three digits that count. */
function formatNumber(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
