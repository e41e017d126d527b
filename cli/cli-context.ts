import type { Logger } from "pino";
import type { Clock } from "../host/clock.ts";

/** What a command may use of the process that it runs in. */
export interface CliContext {
  /** Writes to standard output: what was asked for. */
  readonly print: (text: string) => void;
  /** Writes to standard error: what went wrong. */
  readonly complain: (text: string) => void;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly version: string;
  /** How the user calls this program: "sidegate" or "npx sidegate". */
  readonly command: string;
  readonly hostname: string;
  readonly pid: number;
  /** A directory that only this user may look into, for sockets. */
  readonly privateDirectory: string;
  /** Aborted when the process is asked to stop; a second request ends it at once. */
  readonly stopping: AbortSignal;
  /** Makes a logger that writes JSON lines to standard error. */
  readonly createLog: (level: string) => Logger | Promise<Logger>;
  /** Called once by each command that ends, with the exit code of the process. */
  readonly exit: (code: number) => void;
}

/** Exit codes, the same for all commands. */
export const exitCodes = {
  /** Done; allowed; nothing found. */
  ok: 0,
  /** Denied; something found. */
  no: 1,
  /** There is no answer: wrong usage, nothing in reach, something that can not be read. */
  error: 2,
} as const;
