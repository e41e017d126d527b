import { ChangeCounter } from "../../engine/admission/count-changes.ts";
import type { Sides } from "../../engine/admission/judge-breaches.ts";
import { defaultBindingsOf } from "../../engine/defaults/default-bindings.ts";
import { diffPoliciesInSteps } from "../../engine/diff/diff-policies.ts";
import { quote } from "../../engine/model/quote.ts";
import { formatScope } from "../../engine/model/scope.ts";
import type { Clock } from "../../host/clock.ts";
import { inTurns } from "./in-turns.ts";
import type { ReviewedWrite } from "./reviewed-write.ts";

/**
 * Who would gain and lose how much by a write, as warnings of a dry run.
 *
 * @param budget aborted when there is no more time: then it says so instead
 */
export async function preview(
  clock: Clock,
  write: ReviewedWrite,
  sides: Sides,
  budget: AbortSignal,
): Promise<string[]> {
  const now = clock.wallTime();
  const counter = new ChangeCounter();
  try {
    await inTurns(count(sides, now, counter), clock, budget);
  } catch (error) {
    if (!budget.aborted) throw error;
    return ["who would gain or lose how much was not counted, for want of time; sidegate diff counts it"];
  }
  return [...counter.describe(), ...defaultsOf(write, sides)];
}

function* count(sides: Sides, now: number, counter: ChangeCounter): Generator<undefined, void> {
  const { before, after } = yield* sides.policies();
  for (const entry of diffPoliciesInSteps(before, after, now)) {
    if (entry !== undefined) counter.add(entry);
    yield undefined;
  }
}

/** Default roles are given by the operator once the Membership is stored. */
function defaultsOf({ kind, name, old, object }: ReviewedWrite, { after }: Sides): string[] {
  if (kind !== "Membership" || old !== undefined || object === undefined) return [];
  const given = defaultBindingsOf(after, name).map(
    ({ spec }) => `${quote(spec.role)} at ${formatScope(spec.scope.kind, spec.scope.name ?? "")}`,
  );
  return given.length === 0 ? [] : [`default roles are given besides: ${given.join(", ")}`];
}
