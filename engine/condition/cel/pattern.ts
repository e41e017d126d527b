import { RE2JS } from "re2js";
import { conditionLimits } from "../../model/condition-limits.ts";
import type { Run } from "./run.ts";
import { Failure } from "./value.ts";

const { patternLength: MAX_PATTERN, patternInstructions: MAX_PROGRAM } = conditionLimits;
/** Instructions that are tried on one character in the time of a step. */
const INSTRUCTIONS_PER_STEP = 8;

/** A regular expression of RE2, matched in time linear in the text, anywhere in it. */
export interface Pattern {
  matches(text: string, run: Run): boolean;
  /** Steps for a character of the text. */
  readonly costPerCharacter: number;
}

export function compilePattern(source: string): Pattern | Failure {
  if (source.length > MAX_PATTERN) {
    return new Failure(`the regular expression has more than ${MAX_PATTERN} characters`);
  }
  if (repetitions(source) > MAX_PROGRAM) return tooLarge();
  try {
    const expression = RE2JS.compile(source);
    const size = expression.programSize();
    if (size > MAX_PROGRAM) return tooLarge();
    const costPerCharacter = size / INSTRUCTIONS_PER_STEP;
    const matches = (text: string, run: Run): boolean => {
      run.spend(Math.ceil((text.length + 1) * costPerCharacter));
      return expression.test(text);
    };
    return { matches, costPerCharacter };
  } catch {
    return new Failure("the text is no regular expression of RE2");
  }
}

function tooLarge(): Failure {
  return new Failure(`the regular expression compiles to more than ${MAX_PROGRAM} instructions`);
}

/**
 * The sum of all counts in braces: a lower bound of what compiling takes, known before it is done. Within one repetition
 * RE2 itself allows a thousand, those nested in it multiplied.
 */
function repetitions(source: string): number {
  let sum = 0;
  for (const [, from, to] of source.matchAll(/\{(\d{1,5})(?:,(\d{0,5}))?\}/g)) {
    sum += Math.max(Number(from), Number(to || 0));
  }
  return sum;
}
