import { CommanderError } from "commander";
import { errors } from "../engine/errors/registry.ts";
import { SidegateError } from "../engine/errors/sidegate-error.ts";
import { type CliContext, exitCodes } from "./cli-context.ts";
import { BrokenFolderError, formatProblems } from "./folder/broken-folder.ts";

const MOST_PROBLEMS = 20;

/**
 * Tells the user what went wrong: a code, a sentence, a remedy, and a stack trace only where it is Sidegate's own fault.
 *
 * @returns the exit code that goes with it
 */
export function reportError({ complain }: Pick<CliContext, "complain">, error: unknown): number {
  if (error instanceof CommanderError) return reportUsage(complain, error);
  if (error instanceof BrokenFolderError)
    complain(formatProblems(error.problems, error.problemCount, MOST_PROBLEMS));
  if (error instanceof SidegateError) {
    complain(formatError(error.code, error.reason, error.message, error.remedy));
    return exitCodes.error;
  }
  const { reason, remedy } = errors.SG5900;
  complain(formatError("SG5900", reason, error instanceof Error ? error.message : String(error), remedy));
  if (error instanceof Error) complain(`\n${error.stack}\n`);
  return exitCodes.error;
}

/** Two lines: what is wrong, and what to do about it. */
export function formatError(code: string, reason: string, message: string, remedy: string): string {
  return `error ${code} ${reason}: ${message}\n  ${remedy}\n`;
}

function reportUsage(complain: CliContext["complain"], error: CommanderError): number {
  // Help and version, which were printed.
  if (error.exitCode === 0) return exitCodes.ok;
  // A command line without a command: the help, which commander would write to standard error.
  const { reason, remedy } = errors.SG5001;
  const message =
    error.code === "commander.help" ? "a command is missing" : error.message.replace(/^error: /, "");
  complain(formatError("SG5001", reason, message.replace(/\.$/, ""), remedy));
  return exitCodes.error;
}
