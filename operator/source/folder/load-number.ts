import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Logger } from "pino";

/**
 * Numbers the loads of a folder. They serve as resourceVersions, so each is above all before it, also those of earlier
 * runs: the time in milliseconds, or one more than the last where the clock stands still or went back.
 */
export interface LoadNumber {
  /** The number of the next load, a decimal integer. */
  next(): string;
}

/**
 * @param wallTime milliseconds since 1970-01-01 UTC
 * @param file keeps the last number, for a clock that goes back between two runs; without it that is not noticed
 */
export function createLoadNumber(wallTime: () => number, logger: Logger, file?: string): LoadNumber {
  let last = file === undefined ? 0 : readNumber(file);
  return {
    next() {
      last = Math.max(last + 1, Math.floor(wallTime()));
      if (file !== undefined) writeNumber(file, last, logger);
      return String(last);
    },
  };
}

/** The number in a file; 0 if there is none or it is no number that the clock could have given. */
function readNumber(file: string): number {
  try {
    const text = readFileSync(file, "utf8").trim();
    return /^[0-9]{1,15}$/.test(text) ? Number(text) : 0;
  } catch {
    return 0;
  }
}

function writeNumber(file: string, number: number, logger: Logger): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${number}\n`);
    renameSync(`${file}.new`, file);
  } catch (error) {
    logger.warn({ file, err: error }, "The number of the load could not be kept");
  }
}
