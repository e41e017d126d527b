import type { CaseResult } from "../../cli/cases/case-world.ts";
import type { Decision } from "../../engine/decide/decision.ts";
import { levelName } from "../../engine/model/scope.ts";

/** A decision of the engine or the oracle in the form of the cases. */
export function toCaseResult(decision: Pick<Decision, "outcome" | "disclosure" | "level">): CaseResult {
  const { outcome, disclosure, level } = decision;
  if (disclosure === "None") return { outcome };
  return level === 0 ? { outcome, disclosure } : { outcome, disclosure, level: levelName(level) };
}
