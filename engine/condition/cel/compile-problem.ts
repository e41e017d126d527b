/** Thrown where an expression is no part of CEL as conditions have it. */
export class CompileProblem extends Error {
  /** Where in the source, in UTF-16 code units, if it is in one place. */
  readonly position: number | undefined;

  constructor(message: string, position?: number) {
    super(message);
    this.position = position;
  }
}
