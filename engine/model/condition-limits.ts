/** The limits of conditions. docs/reference/limits.md is generated from this table. */
export const conditionLimits = {
  /** Characters of a condition. */
  conditionLength: 4096,
  /** How deep expressions are nested in one another; a chain of `&&` or of `||` counts once. */
  conditionDepth: 48,
  /** How deep lists and maps that a condition makes are nested in one another. */
  conditionLiteralDepth: 2,
  /** Steps that a condition may cost by estimate, when lists, maps and texts that are not literals have a hundred elements. */
  conditionCost: 100_000,
  /** Steps that one evaluation may take; beyond them it is an error. */
  conditionSteps: 100_000,
  /**
   * Steps that all conditions of one request may take together, each source counted once; beyond them every further one is an
   * error. A condition takes at least 8 for each character and 64 for each instruction of its regular expressions.
   */
  requestSteps: 1_000_000,
  /** Characters of a regular expression. */
  patternLength: 1024,
  /** Instructions that all regular expressions of a condition compile to, as estimated; counted repetitions multiply. */
  patternInstructions: 4096,
} as const;
