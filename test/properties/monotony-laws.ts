import type { OracleDecision } from "../oracle/decide.ts";
import { addDeny, failCondition, removeGrant } from "../worlds/changes.ts";
import { everyChange, everyRequest } from "./every-request.ts";
import { type Law, law } from "./law.ts";

const RUNS = 1000;

/** What must never widen access. */
export const monotonyLaws: readonly Law[] = [
  law(
    "adding a Deny never allows and never shows a scope",
    RUNS,
    everyChange(addDeny, (before, after) => allows(before, after) || shows(before, after)),
  ),
  law(
    "removing a grant never allows and never shows a scope",
    RUNS,
    everyChange(removeGrant, (before, after) => allows(before, after) || shows(before, after)),
  ),
  // A Deny that comes to have a condition hides no scope any more, so this may show one.
  law("a condition that fails never allows", RUNS, everyChange(failCondition, allows)),
  law(
    "active roles never allow what is not allowed without them, and show nothing else",
    RUNS,
    everyRequest(({ objects, request, instant, evaluate }) => {
      const evaluator = evaluate(objects);
      const active = evaluator.decide(request, instant);
      const all = evaluator.decide({ ...request, activeRoles: [] }, instant);
      return allows(all, active) || shows(all, active) || shows(active, all) ? { active, all } : undefined;
    }),
  ),
];

function allows(before: OracleDecision, after: OracleDecision): boolean {
  return after.outcome === "Allowed" && before.outcome !== "Allowed";
}

function shows(before: OracleDecision, after: OracleDecision): boolean {
  return after.disclosure === "Forbidden" && before.disclosure === "NotFound";
}
