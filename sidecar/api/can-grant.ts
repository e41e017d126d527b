import { canGrantInSteps } from "../../engine/delegate/can-grant.ts";
import type { GrantQuestion } from "../../engine/delegate/grant-question.ts";
import { CanGrantRequest, CanGrantResponse, CheckRequest } from "../../proto/generated/decision.js";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { awaitShards, byOnePolicy, patienceOf, settled } from "../shards/with-shards.ts";
import { awaitPosition, missingPosition } from "./await-position.ts";
import type { Call, Door } from "./call.ts";
import { type Asked, proveToken, readAsked } from "./check/decide-check.ts";
import { scanListRequest } from "./check/scan-check.ts";
import { inTurns } from "./in-turns.ts";
import { type ListTools, SOME_PERMISSION } from "./lists/list-door.ts";
import { completed } from "./lists/list-request.ts";
import { RequestError } from "./request-error.ts";
import { unreadable } from "./unreadable.ts";

/** The door for whether a role may be given or taken. */
export function canGrantDoor({ policies, tokens, clock, turns }: ListTools): Door {
  return {
    path: sidegateService.canGrant.path,
    handle: (bytes, call) => byOnePolicy(() => answered(bytes, call)),
  };

  async function answered(bytes: Uint8Array, call: Call): Promise<Buffer> {
    const question = decode(bytes);
    const check = actorOf(question);
    const missing = missingPosition(policies, check, clock.wallTime());
    if (missing !== undefined) await awaitPosition(policies, missing, call, clock.wallTime());
    const wall = clock.wallTime();
    const asked = readAsked(policies, check, wall);
    const proven = await proveToken(tokens, check, asked, wall);
    const patience = patienceOf(call, wall);
    const policy = await settled(proven.policy, proven.request, wall, patience);
    const loading = () => awaitShards(policy, patience);
    const work = answer({ ...proven, policy }, question, wall);
    return inTurns(work, { clock, turns, signal: call.signal, loading });
  }
}

/** The actor as a check. Throws a RequestError for one with a permission: the question is about a role. */
function actorOf({ actor }: CanGrantRequest): CheckRequest {
  const check = actor ?? CheckRequest.decode(new Uint8Array());
  if (check.permission !== "")
    throw new RequestError(
      "permission",
      "permission is given, but the question is about a role; leave it out",
    );
  return completed(check, { permission: SOME_PERMISSION });
}

function* answer(
  { policy, request }: Asked,
  question: CanGrantRequest,
  wall: number,
): Generator<undefined, Buffer> {
  const { verb, role, targetKind, targetName } = question;
  const given = yield* canGrantInSteps(
    policy,
    // What is none of the known verbs and kinds is found to be malformed.
    {
      actor: { ...request, permission: "" },
      verb,
      role,
      target: { kind: targetKind, name: targetName },
    } as GrantQuestion,
    wall,
  );
  if ("field" in given) throw new RequestError(given.field, given.detail);
  const { reason, message } = given.allowed ? { reason: "", message: "" } : given;
  const { revision } = policy;
  return CanGrantResponse.encode({ allowed: given.allowed, reason, message, revision }).finish();
}

function decode(bytes: Uint8Array): CanGrantRequest {
  try {
    scanListRequest(bytes);
    return CanGrantRequest.decode(bytes);
  } catch (error) {
    throw unreadable("CanGrantRequest", error);
  }
}
