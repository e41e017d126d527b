import { diffPolicies } from "../../engine/diff/diff-policies.ts";
import { unlistedChanges } from "../../engine/diff/unlisted-changes.ts";
import type { CliContext } from "../cli-context.ts";
import { DiffCounter, type DiffSummary, formatSummary } from "./diff-summary.ts";
import { openSide } from "./open-side.ts";
import { type DiffFormat, printDiff } from "./print-diff.ts";

/** What `sidegate diff` was given. */
export interface DiffOptions {
  readonly domain?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
  readonly output: DiffFormat;
}

/** Compares two sides and prints what differs. @throws SidegateError where a side can not be read */
export async function showDiff(
  before: string,
  after: string,
  options: DiffOptions,
  context: Pick<CliContext, "clock" | "print" | "stopping">,
): Promise<DiffSummary> {
  const old = await openSide(before, options, context);
  const made = await openSide(after, options, context);
  const now = options.at ?? context.clock.wallTime();
  const unlisted = [...unlistedChanges(old.world, made.world, now)];
  const counter = new DiffCounter();
  const entries = counter.count(diffPolicies(old.policy, made.policy, now));
  printDiff(options.output, entries, context.print, () => {
    const summary = counter.summary(unlisted);
    return { json: { before, after, ...summary }, text: formatSummary(summary) };
  });
  return counter.summary(unlisted);
}
