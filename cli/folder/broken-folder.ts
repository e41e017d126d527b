import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { FolderContents } from "../../operator/source/folder/folder-contents.ts";
import { type FolderProblem, formatFolderProblem } from "../../operator/source/folder/folder-problem.ts";

/** A folder whose manifests can not be used. */
export class BrokenFolderError extends SidegateError {
  readonly problems: readonly FolderProblem[];
  readonly problemCount: number;

  constructor(folder: string, { problems, problemCount }: FolderContents) {
    super("SG5005", `${folder} has ${countOf(problemCount, "problem")}`);
    this.problems = problems;
    this.problemCount = problemCount;
  }
}

/** The first `most` problems, and how many more there are. */
export function formatProblems(problems: readonly FolderProblem[], count: number, most: number): string {
  const shown = problems.slice(0, most).map((problem) => `${formatFolderProblem(problem)}\n`);
  const more = count - shown.length;
  return shown.join("") + (more > 0 ? `... and ${countOf(more, "more problem")}\n` : "");
}

/** "1 manifest", "2 manifests". */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
