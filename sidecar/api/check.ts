import { explainGrant } from "../../engine/decide/explain-grant.ts";
import type { Clock } from "../../host/clock.ts";
import { type CheckRequest, CheckResponse } from "../../proto/generated/decision.js";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { type CountDecision, uncounted } from "../metrics/call-counts.ts";
import { awaitPosition, missingPosition, type WaitingPolicies } from "./await-position.ts";
import type { Door } from "./call.ts";
import { type Decided, decideCheck, type Policies, type Tokens } from "./decide-check.ts";
import { readCheck } from "./read-check.ts";
import { encodedResponse, responseTo } from "./responses.ts";

/** The door for one question. */
export function checkDoor(
  policies: WaitingPolicies,
  tokens: Tokens,
  clock: Pick<Clock, "wallTime">,
  count: CountDecision = uncounted,
): Door {
  return {
    path: sidegateService.check.path,
    handle(bytes, call) {
      const check = readCheck(bytes);
      const wall = clock.wallTime();
      const missing = missingPosition(policies, check, wall);
      if (missing === undefined) return answerCheck(policies, tokens, check, wall, count);
      return awaitPosition(policies, missing, call, wall).then(() =>
        answerCheck(policies, tokens, check, clock.wallTime(), count),
      );
    },
  };
}

/** The encoded CheckResponse. Throws and rejects as decideCheck does. */
export function answerCheck(
  policies: Policies,
  tokens: Tokens,
  check: CheckRequest,
  wall: number,
  count: CountDecision,
): Buffer | Promise<Buffer> {
  const decided = decideCheck(policies, tokens, check, wall);
  return decided instanceof Promise
    ? decided.then((late) => encodeAnswer(check, late, wall, count))
    : encodeAnswer(check, decided, wall, count);
}

function encodeAnswer(check: CheckRequest, decided: Decided, wall: number, count: CountDecision): Buffer {
  const { outcome } = decided.decision;
  count(outcome);
  if (check.explain && (outcome === "Allowed" || outcome === "ExplicitDeny")) return explained(decided, wall);
  return encodedResponse(decided.policy, decided.decision);
}

function explained({ policy, request, decision }: Decided, wall: number): Buffer {
  const explanation = explainGrant(policy, request, wall);
  return CheckResponse.encode({ ...responseTo(policy, decision), explanation }).finish();
}
