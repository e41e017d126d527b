import { explainInSteps } from "../../engine/explain/explain.ts";
import type { Explanation } from "../../engine/explain/explanation.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { ExplainResponse } from "../../proto/generated/decision.js";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { awaitShards, byOnePolicy, patienceOf, settled } from "../shards/with-shards.ts";
import { awaitPosition, missingPosition } from "./await-position.ts";
import type { Call, Door } from "./call.ts";
import { proveToken, readAsked } from "./check/decide-check.ts";
import { readCheck } from "./check/read-check.ts";
import { inTurns } from "./in-turns.ts";
import type { ListTools } from "./lists/list-door.ts";
import { RequestError } from "./request-error.ts";
import { responseTo } from "./responses.ts";

/** The door for why a decision falls as it does. */
export function explainDoor({ policies, tokens, clock, turns }: ListTools): Door {
  return {
    path: sidegateService.explain.path,
    handle: (bytes, call) => byOnePolicy(() => explained(bytes, call)),
  };

  async function explained(bytes: Uint8Array, call: Call): Promise<Buffer> {
    // Reading thousands of groups takes a while as well.
    await turns.next();
    const check = readCheck(bytes);
    const missing = missingPosition(policies, check, clock.wallTime());
    if (missing !== undefined) await awaitPosition(policies, missing, call, clock.wallTime());
    const wall = clock.wallTime();
    const asked = readAsked(policies, check, wall);
    const { policy: current, request } = await proveToken(tokens, check, asked, wall);
    const patience = patienceOf(call, wall);
    const policy = await settled(current, request, wall, patience);
    const loading = () => awaitShards(policy, patience);
    const work = explainInSteps(policy, request, wall);
    return answer(policy, await inTurns(work, { clock, turns, signal: call.signal, loading }));
  }
}

function answer(policy: Policy, { decision, token, conflict, grants, nearestMisses }: Explanation): Buffer {
  if (decision.outcome === "InvalidRequest") throw new RequestError(decision.field, decision.detail);
  const response = responseTo(policy, decision);
  return ExplainResponse.encode({ response, token, conflict, grants, nearestMisses }).finish();
}
