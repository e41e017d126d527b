import { setImmediate } from "node:timers/promises";
import type { Outcome } from "../../../engine/decide/decision.ts";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../../host/clock.ts";
import { sidegateService } from "../../../proto/sidegate-service.ts";
import { type CountDecision, uncounted } from "../../metrics/call-counts.ts";
import { ShardGone } from "../../shards/shard-source.ts";
import { byOnePolicy } from "../../shards/with-shards.ts";
import {
  awaitPosition,
  type MissingPosition,
  missingPosition,
  type WaitingPolicies,
} from "../await-position.ts";
import type { Call, Door } from "../call.ts";
import { pinPolicies } from "../pin-policies.ts";
import { pinTokens } from "../pin-tokens.ts";
import { errorEntry, responseEntry } from "./batch-results.ts";
import { type AnswerSources, answerCheck } from "./check.ts";
import type { Policies, Tokens } from "./decide-check.ts";
import { readBatch, readCheck } from "./read-check.ts";

/** How long a batch may keep other calls waiting at a stretch, in milliseconds. */
const SLICE_MS = 2;

/** What must be waited for, and the error of a wait that failed, by place in the batch. */
type Missing = Map<number, MissingPosition>;
type Failed = ReadonlyMap<number, SidegateError>;

/** The encoded entries of a response, and what they say. */
interface Batch {
  readonly entries: Buffer[];
  readonly outcomes: Outcome[];
}

/** The door for many questions at one revision. */
export function batchCheckDoor(
  policies: WaitingPolicies,
  tokens: Tokens,
  clock: Clock,
  count: CountDecision = uncounted,
): Door {
  return {
    path: sidegateService.batchCheck.path,
    handle: (bytes, call) => byOnePolicy((isLast) => answered(bytes, call, isLast)),
  };

  async function answered(bytes: Uint8Array, call: Call, isLast: boolean): Promise<Buffer> {
    const checks = readBatch(bytes);
    const missing: Missing = new Map();
    const answers = { policies, tokens, clock, call, isLast };
    let batch = await answerAll(answers, checks, new Map(), missing);
    if (missing.size > 0) {
      // All are decided anew by what is there after the waiting, so that they are decided by one revision.
      const failed = await awaitAll(policies, missing, call, clock.wallTime());
      batch = await answerAll(answers, checks, failed, new Map());
    }
    for (const outcome of batch.outcomes) count(outcome);
    return Buffer.concat(batch.entries);
  }
}

/** What the answers of a batch are made from. */
interface Answers {
  readonly policies: Policies;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly call: Call;
  /** Whether the batch is not tried again by a newer policy. */
  readonly isLast: boolean;
}

/**
 * The entries of the response, in slices that let other calls in between. Checks are decoded when their turn comes and
 * let go, so that a batch needs no more memory than its bytes and its answers.
 */
async function answerAll(
  answers: Answers,
  checks: readonly Uint8Array[],
  failed: Failed,
  missing: Missing,
): Promise<Batch> {
  const { clock, call } = answers;
  const outcomes: Outcome[] = [];
  const sources = {
    policies: pinPolicies(answers.policies),
    tokens: pinTokens(answers.tokens),
    count: (outcome: Outcome) => void outcomes.push(outcome),
  };
  const wall = clock.wallTime();
  const entries: Buffer[] = [];
  let sliceEnd = clock.now() + SLICE_MS;
  for (const [place, bytes] of checks.entries()) {
    if (clock.now() > sliceEnd) {
      await setImmediate(undefined, { signal: call.signal });
      sliceEnd = clock.now() + SLICE_MS;
    }
    const error = failed.get(place);
    const toError = (thrown: unknown) => toErrorEntry(thrown, answers.isLast);
    const answer = () => answerOne(sources, bytes, wall, call, (position) => missing.set(place, position));
    const entry = error ? errorEntry(error) : entryOf(answer, toError);
    entries.push(entry instanceof Promise ? await entry : entry);
  }
  return { entries, outcomes };
}

function answerOne(
  sources: AnswerSources,
  bytes: Uint8Array,
  wall: number,
  call: Call,
  lacks: (position: MissingPosition) => void,
): Buffer | Promise<Buffer> {
  const check = readCheck(bytes);
  const position = missingPosition(sources.policies, check, wall);
  if (position !== undefined) lacks(position);
  return answerCheck(sources, check, wall, call);
}

function entryOf(
  answer: () => Buffer | Promise<Buffer>,
  toError: (thrown: unknown) => Buffer,
): Buffer | Promise<Buffer> {
  try {
    const response = answer();
    return response instanceof Promise ? response.then(responseEntry, toError) : responseEntry(response);
  } catch (error) {
    return toError(error);
  }
}

/** @param isLast whether the batch is not tried again by a newer policy where shards are gone */
function toErrorEntry(error: unknown, isLast: boolean): Buffer {
  if (error instanceof SidegateError && (isLast || !(error instanceof ShardGone))) return errorEntry(error);
  throw error;
}

/** Waits for all positions, each once. */
async function awaitAll(
  policies: WaitingPolicies,
  missing: Missing,
  call: Call,
  wall: number,
): Promise<Failed> {
  const waits = new Map<string, Promise<void>>();
  const failed = new Map<number, SidegateError>();
  const ends = [...missing].map(async ([place, position]) => {
    const key = JSON.stringify(position);
    const wait = waits.get(key) ?? awaitPosition(policies, position, call, wall);
    waits.set(key, wait);
    try {
      await wait;
    } catch (error) {
      if (!(error instanceof SidegateError)) throw error;
      failed.set(place, error);
    }
  });
  await Promise.all(ends);
  return failed;
}
