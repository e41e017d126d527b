import type { Severity } from "../../engine/lint/lint-rule.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { type FolderProblem, remedyOf } from "../../operator/source/folder/folder-problem.ts";
import { FolderWorld } from "../../operator/source/folder/folder-world.ts";
import type { SourceEvents } from "../../operator/source/source.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import type { LintOptions } from "../command-options.ts";
import { countOf, formatProblems } from "../folder/broken-folder.ts";
import { compileFolder } from "../folder/compile-folder.ts";
import { readFolder } from "../folder/read-folder.ts";
import { formatResult } from "../format-result.ts";
import { type Finding, findFindings, formatFinding } from "./find-findings.ts";

/** What lint says about a folder. */
interface LintResult {
  readonly folder: string;
  /** Manifests that are valid in themselves. */
  readonly manifests: number;
  /** Objects of other API groups, which were left out. */
  readonly skipped: number;
  /** Manifests and files that are broken; then nothing was looked for beyond. */
  readonly problems: readonly (FolderProblem & { readonly remedy: string })[];
  readonly problemCount: number;
  readonly findings: readonly Finding[];
  /** Findings that annotations suppress. */
  readonly ignored: number;
}

/** Codes of files and folders that could not be read at all. */
const UNREADABLE: ReadonlySet<string> = new Set(["SG1101", "SG1102", "SG1103", "SG1104"]);
const MOST_FINDINGS = 1000;

/** Checks a folder, prints what was found and sets the exit code. */
export async function lint(
  folder: string,
  { domain, notes, output }: LintOptions,
  context: CliContext,
): Promise<void> {
  const severities: Severity[] = notes ? ["error", "warning", "note"] : ["error", "warning"];
  const result = await examine(folder, domain, severities, context.clock.wallTime());
  context.print(formatResult(output, result, formatLint));
  context.exit(exitCodeOf(result));
}

async function examine(
  folder: string,
  domain: string,
  severities: readonly Severity[],
  now: number,
): Promise<LintResult> {
  const { manifests, problems, problemCount, foreign } = await readFolder(folder, domain);
  const world = new FolderWorld();
  if (problemCount === 0) world.load(manifests, "1", nowhere);
  let policies: ReadonlyMap<string, Policy> | undefined;
  return {
    folder,
    manifests: manifests.size,
    skipped: foreign.length,
    problems: problems.map((problem) => ({ ...problem, remedy: remedyOf(problem) })),
    problemCount,
    ...(await findFindings(folder, manifests, world.worlds, MOST_FINDINGS, async () => {}, {
      severities,
      now,
      policyOf: (name) => (policies ??= compileFolder(manifests)).get(name),
    })),
  };
}

function exitCodeOf({ problems, problemCount, findings }: LintResult): number {
  if (problems.some(({ code }) => UNREADABLE.has(code))) return exitCodes.error;
  const isBad = problemCount > 0 || findings.some(({ severity }) => severity !== "note");
  return isBad ? exitCodes.no : exitCodes.ok;
}

function formatLint(result: LintResult): string {
  const { folder, manifests, skipped, problems, problemCount, findings, ignored } = result;
  const left = skipped === 0 ? "" : `, ${countOf(skipped, "object")} of other API groups left out`;
  const quiet = ignored === 0 ? "" : `, ${ignored} ignored`;
  const list = formatProblems(problems, problemCount, problems.length);
  const lines = findings.map((finding) => `${formatFinding(finding)}\n`).join("");
  if (problemCount > 0) {
    return `${list}${folder}: ${countOf(problemCount, "problem")}; references are looked at once there are none\n`;
  }
  if (findings.length === 0)
    return `${folder}: ${countOf(manifests, "manifest")}, nothing to find fault with${quiet}${left}\n`;
  const more = findings.length === MOST_FINDINGS ? " or more" : "";
  return `${lines}${folder}: ${countOf(manifests, "manifest")}, ${countOf(findings.length, "finding")}${more}${quiet}${left}\n`;
}

const nowhere: SourceEvents = { put() {}, remove() {}, progress() {}, synced() {} };
