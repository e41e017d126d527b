/** Why a condition has no value for some facts: a sentence without full stop that holds no values from callers. */
export interface ConditionError {
  readonly error: string;
}
