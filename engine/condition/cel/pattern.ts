import { RE2JS } from "re2js";
import { conditionLimits } from "../../model/condition-limits.ts";
import { patternSize } from "./pattern-size.ts";
import type { Run } from "./run.ts";
import { Failure } from "./value.ts";

const { patternLength, patternInstructions } = conditionLimits;
/** Instructions that are tried on one character in the time of a step. */
export const INSTRUCTIONS_PER_STEP = 4;

/** A regular expression of RE2, matched in time linear in the text, anywhere in it. */
export interface Pattern {
  matches(text: string, run: Run): boolean;
  /** About how many instructions it has. */
  readonly size: number;
}

export function compilePattern(source: string): Pattern | Failure {
  if (source.length > patternLength) {
    return new Failure(`the regular expression has more than ${patternLength} characters`);
  }
  const size = patternSize(source);
  if (size > patternInstructions) {
    return new Failure(`the regular expression compiles to more than ${patternInstructions} instructions`);
  }
  try {
    const expression = RE2JS.compile(source);
    const stepsPerCharacter = expression.programSize() / INSTRUCTIONS_PER_STEP;
    const matches = (text: string, run: Run): boolean => {
      run.spend(Math.ceil((text.length + 1) * stepsPerCharacter));
      return expression.test(text);
    };
    return { matches, size };
  } catch {
    return new Failure("the text is no regular expression of RE2");
  }
}
