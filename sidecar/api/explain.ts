import { explainInSteps } from "../../engine/explain/explain.ts";
import type { Explanation } from "../../engine/explain/explanation.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { type CheckRequest, ExplainResponse } from "../../proto/generated/decision.js";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { awaitPosition, missingPosition, type WaitingPolicies } from "./await-position.ts";
import type { Door } from "./call.ts";
import { type Asked, proveToken, readAsked, type Tokens } from "./decide-check.ts";
import { inTurns } from "./in-turns.ts";
import type { ListTools } from "./list-door.ts";
import { readCheck } from "./read-check.ts";
import { RequestError } from "./request-error.ts";
import { responseTo } from "./responses.ts";

/** The door for why a decision falls as it does. */
export function explainDoor({ policies, tokens, clock, turns }: ListTools): Door {
  return {
    path: sidegateService.explain.path,
    async handle(bytes, call) {
      const check = readCheck(bytes);
      const missing = missingPosition(policies, check, clock.wallTime());
      if (missing !== undefined) await awaitPosition(policies, missing, call, clock.wallTime());
      const wall = clock.wallTime();
      const { policy, request } = await ask(policies, tokens, check, wall);
      const { signal } = call;
      return answer(policy, await inTurns(explainInSteps(policy, request, wall), { clock, turns, signal }));
    },
  };
}

async function ask(
  policies: WaitingPolicies,
  tokens: Tokens,
  check: CheckRequest,
  wall: number,
): Promise<Asked> {
  const asked = readAsked(policies, check, wall);
  return check.token === "" ? asked : proveToken(tokens, check, asked, wall);
}

function answer(policy: Policy, { decision, token, grants, nearestMisses }: Explanation): Buffer {
  if (decision.outcome === "InvalidRequest") throw new RequestError(decision.field, decision.detail);
  const response = responseTo(policy, decision);
  return ExplainResponse.encode({ response, token, grants, nearestMisses }).finish();
}
