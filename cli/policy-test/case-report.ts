/** What became of a case. */
export interface CaseReport {
  readonly file: string;
  /** The title of its world. */
  readonly world: string;
  readonly name: string;
  readonly passed: boolean;
  /** What was asked, in a line. */
  readonly asked: string;
  readonly expected: string;
  readonly got: string;
  /** Of a case that failed: lines that tell what made it so. */
  readonly explanation: readonly string[];
}

/** The answer to a case, as far as it does not say where the case stands. */
export type CaseAnswer = Pick<CaseReport, "passed" | "asked" | "expected" | "got" | "explanation">;
