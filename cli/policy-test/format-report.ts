import type { CaseReport } from "./case-report.ts";
import type { CoverageReport } from "./coverage.ts";
import { describeFailure } from "./describe-failure.ts";

/** What `sidegate test` found. */
export interface TestReport {
  readonly folder: string;
  readonly total: number;
  readonly failed: number;
  readonly cases: readonly CaseReport[];
  readonly coverage: CoverageReport;
  /** The least coverage that was asked for, in percent. */
  readonly coverageMin?: number;
}

/** The report for people: failures with their explanation, then the sums. */
export function formatReport(report: TestReport, showsUncovered: boolean): string {
  const { folder, total, failed, cases, coverage, coverageMin } = report;
  const failures = cases.filter(({ passed }) => !passed).map(formatFailure);
  const uncovered = showsUncovered
    ? coverage.uncovered.map((cell) => `no case shows ${cell.effect}: ${cell.role} ${cell.permission}\n`)
    : [];
  const { covered, wanted, percent } = coverage;
  const short = coverageMin !== undefined && percent < coverageMin ? `, less than ${coverageMin} %` : "";
  const sums = [
    `${folder}: ${total} ${total === 1 ? "case" : "cases"}, ${failed} failed\n`,
    `coverage of roles by permissions: ${covered} of ${wanted} effects, ${percent} %${short}\n`,
  ];
  return [...failures, ...uncovered, ...sums].join("");
}

function formatFailure(report: CaseReport): string {
  const { file, world, name } = report;
  const lines = describeFailure(report).map((line) => `  ${line}\n`);
  return `FAILED ${file}: ${world}: ${name}\n${lines.join("")}`;
}
