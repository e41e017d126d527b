import { explainGrant } from "../../../engine/decide/explain-grant.ts";
import { ShardNeeded } from "../../../engine/policy/organizations.ts";
import type { Clock } from "../../../host/clock.ts";
import { type CheckRequest, CheckResponse } from "../../../proto/generated/decision.js";
import { sidegateService } from "../../../proto/sidegate-service.ts";
import { type CountDecision, uncounted } from "../../metrics/call-counts.ts";
import { onceLoaded, onNewerPolicy, patienceOf } from "../../shards/with-shards.ts";
import { awaitPosition, missingPosition, type WaitingPolicies } from "../await-position.ts";
import type { Call, Door } from "../call.ts";
import { encodedResponse, responseTo } from "../responses.ts";
import {
  type Asked,
  type Decided,
  decideAsked,
  type Policies,
  proveToken,
  readAsked,
  type Tokens,
} from "./decide-check.ts";
import { readCheck } from "./read-check.ts";

/** What answers are made from. */
export interface AnswerSources {
  readonly policies: Policies;
  readonly tokens: Tokens;
  readonly count: CountDecision;
}

/** The door for one question. */
export function checkDoor(
  policies: WaitingPolicies,
  tokens: Tokens,
  clock: Pick<Clock, "wallTime">,
  count: CountDecision = uncounted,
): Door {
  const sources = { policies, tokens, count };
  return {
    path: sidegateService.check.path,
    handle(bytes, call) {
      const check = readCheck(bytes);
      const wall = clock.wallTime();
      const missing = missingPosition(policies, check, wall);
      const now = () => answerCheck(sources, check, clock.wallTime(), call);
      const answer =
        missing === undefined
          ? answerCheck(sources, check, wall, call)
          : awaitPosition(policies, missing, call, wall).then(now);
      return answer instanceof Promise ? answer.catch((error) => onNewerPolicy(error, now)) : answer;
    },
  };
}

/**
 * The encoded CheckResponse. Only a check with a token, or about an organization that is not in memory, takes more than one
 * turn of the event loop. Throws and rejects as `readAsked` and `decideAsked` do, and with SG3004.
 */
export function answerCheck(
  { policies, tokens, count }: AnswerSources,
  check: CheckRequest,
  wall: number,
  call: Call,
): Buffer | Promise<Buffer> {
  const asked = readAsked(policies, check, wall);
  if (check.token === "") return answerAsked(asked, check, wall, count, call);
  return proveToken(tokens, check, asked, wall).then((proven) =>
    answerAsked(proven, check, wall, count, call),
  );
}

function answerAsked(
  asked: Asked,
  check: CheckRequest,
  wall: number,
  count: CountDecision,
  call: Call,
): Buffer | Promise<Buffer> {
  try {
    return encodeAnswer(asked, check, wall, count);
  } catch (error) {
    if (!(error instanceof ShardNeeded)) throw error;
    return onceLoaded(asked.policy, patienceOf(call, wall), (policy) =>
      encodeAnswer({ ...asked, policy }, check, wall, count),
    );
  }
}

function encodeAnswer(asked: Asked, check: CheckRequest, wall: number, count: CountDecision): Buffer {
  const { policy, request, decision } = decideAsked(asked, wall);
  const { outcome } = decision;
  const isExplained = check.explain && (outcome === "Allowed" || outcome === "ExplicitDeny");
  const encoded = isExplained
    ? explained({ policy, request, decision }, wall)
    : encodedResponse(policy, decision);
  count(outcome);
  return encoded;
}

function explained({ policy, request, decision }: Decided, wall: number): Buffer {
  const explanation = explainGrant(policy, request, wall);
  return CheckResponse.encode({ ...responseTo(policy, decision), explanation }).finish();
}
