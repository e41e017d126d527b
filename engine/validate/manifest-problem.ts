import type { ErrorCode } from "../errors/registry.ts";

/** One thing that is wrong with a manifest. */
export interface ManifestProblem {
  /** A code of engine/errors/manifest.ts. */
  readonly code: ErrorCode;
  /** The object, as far as it says what it is: "AccessRoleBinding shop/alice-owner". */
  readonly object: string;
  /** The field, for example "spec.subjects[0].kind"; empty where the whole object is meant. */
  readonly path: string;
  /** What is wrong with it, without a full stop at the end. */
  readonly message: string;
  /** What to do about it, where the message does not say so itself; without a full stop at the end. */
  readonly remedy?: string;
}

/** One line for people: object, field, what is wrong, what to do. */
export function formatProblem(problem: ManifestProblem): string {
  const place = problem.path === "" ? problem.object : `${problem.object}: ${problem.path}`;
  return `${place}: ${problem.message}${problem.remedy === undefined ? "" : `; ${problem.remedy}`}`;
}

/** Problems listed of one manifest; whatever is found beyond is counted out by one last entry. */
export const MAX_PROBLEMS = 20;

/** Collects the problems of one manifest, no more than MAX_PROBLEMS. */
export class ProblemList {
  readonly #object: string;
  readonly #problems: ManifestProblem[] = [];
  #full = false;

  constructor(object: string) {
    this.#object = object;
  }

  /** Whether nothing further is listed, so that a walk over a hostile manifest can stop. */
  get full(): boolean {
    return this.#full;
  }

  get all(): readonly ManifestProblem[] {
    return this.#problems;
  }

  /** Whether a field has a problem already, so that what follows from it need not be told. */
  has(path: string): boolean {
    return this.#problems.some((problem) => problem.path === path);
  }

  add(code: ErrorCode, path: string, message: string, remedy?: string): void {
    if (this.#full) return;
    if (this.#problems.length === MAX_PROBLEMS) {
      this.#full = true;
      this.#push("SG1001", "", "there are more problems", "correct these first");
      return;
    }
    this.#push(code, path, message, remedy);
  }

  #push(code: ErrorCode, path: string, message: string, remedy: string | undefined): void {
    const problem = { code, object: this.#object, path, message };
    this.#problems.push(remedy === undefined ? problem : { ...problem, remedy });
  }
}

/** Quotes a value for a message, shortened to a length that a line can bear. */
export function quote(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "a list" : "an object";
}
