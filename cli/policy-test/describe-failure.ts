import type { CaseReport } from "./case-report.ts";

/** Lines that tell why a case failed: what was expected and what came, what was asked, and what made it so. */
export function describeFailure({ expected, got, asked, explanation }: CaseReport): string[] {
  return [`expected ${expected}, got ${got}`, asked, ...explanation];
}
