import { readFileSync, writeFileSync } from "node:fs";

/** Linux counts CPU time in hundredths of a second (getconf CLK_TCK). */
const TICK_US = 10_000;
const KIB = 1024;
const MB = 1_000_000;

/** User and system time of all threads of a process, in microseconds, to 10 ms. */
export function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** The memory of a process: what is resident, and the most since the start or `resetPeak`, in MB (10^6 bytes). */
export function memory(pid: number): { resident: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (field: string) =>
    (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * KIB) / MB;
  return { resident: read("VmRSS"), peak: read("VmHWM") };
}

/** Starts the peak of `memory` anew (proc(5), clear_refs). */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
