import type { Decision } from "../../engine/decide/decision.ts";
import { levelName } from "../../engine/model/scope.ts";
import type { GoldenResult } from "./golden-case.ts";

/** A decision of the engine or the oracle in the form of the cases. */
export function toGoldenResult(decision: Pick<Decision, "outcome" | "disclosure" | "level">): GoldenResult {
  const { outcome, disclosure, level } = decision;
  if (disclosure === "None") return { outcome };
  return level === 0 ? { outcome, disclosure } : { outcome, disclosure, level: levelName(level) };
}
