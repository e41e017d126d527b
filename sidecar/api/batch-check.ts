import { setImmediate } from "node:timers/promises";
import type { Outcome } from "../../engine/decide/decision.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { type CountDecision, uncounted } from "../metrics/call-counts.ts";
import {
  awaitPosition,
  type MissingPosition,
  missingPosition,
  type WaitingPolicies,
} from "./await-position.ts";
import { errorEntry, responseEntry } from "./batch-results.ts";
import type { Call, Door } from "./call.ts";
import { answerCheck } from "./check.ts";
import type { Policies, Tokens } from "./decide-check.ts";
import { pinPolicies } from "./pin-policies.ts";
import { pinTokens } from "./pin-tokens.ts";
import { readBatch, readCheck } from "./read-check.ts";

/** How long a batch may keep other calls waiting at a stretch, in milliseconds. */
const SLICE_MS = 2;

/** What must be waited for, and the error of a wait that failed, by place in the batch. */
type Missing = Map<number, MissingPosition>;
type Failed = ReadonlyMap<number, SidegateError>;

/** What answers are made from. */
interface Sources {
  readonly policies: Policies;
  readonly tokens: Tokens;
  readonly count: CountDecision;
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
    async handle(bytes, call) {
      const checks = readBatch(bytes);
      const missing: Missing = new Map();
      const outcomes: Outcome[] = [];
      const first = { policies, tokens, count: (outcome: Outcome) => void outcomes.push(outcome) };
      const entries = await answerAll(first, checks, clock, call, new Map(), missing);
      if (missing.size === 0) {
        for (const outcome of outcomes) count(outcome);
        return Buffer.concat(entries);
      }
      // All are decided anew by what is there after the waiting, so that they are decided by one revision.
      const failed = await awaitAll(policies, missing, call, clock.wallTime());
      const sources = { policies, tokens, count };
      return Buffer.concat(await answerAll(sources, checks, clock, call, failed, new Map()));
    },
  };
}

/**
 * The entries of the response, in slices that let other calls in between. Checks are decoded when their turn comes and
 * let go, so that a batch needs no more memory than its bytes and its answers.
 */
async function answerAll(
  { policies, tokens, count }: Sources,
  checks: readonly Uint8Array[],
  clock: Clock,
  call: Call,
  failed: Failed,
  missing: Missing,
): Promise<Buffer[]> {
  const pinned = { policies: pinPolicies(policies), tokens: pinTokens(tokens), count };
  const wall = clock.wallTime();
  const entries: Buffer[] = [];
  let sliceEnd = clock.now() + SLICE_MS;
  for (const [place, bytes] of checks.entries()) {
    if (clock.now() > sliceEnd) {
      await setImmediate(undefined, { signal: call.signal });
      sliceEnd = clock.now() + SLICE_MS;
    }
    const error = failed.get(place);
    const entry = error ? errorEntry(error) : answer(pinned, bytes, wall, place, missing);
    entries.push(entry instanceof Promise ? await entry : entry);
  }
  return entries;
}

function answer(
  { policies, tokens, count }: Sources,
  bytes: Uint8Array,
  wall: number,
  place: number,
  missing: Missing,
): Buffer | Promise<Buffer> {
  try {
    const check = readCheck(bytes);
    const position = missingPosition(policies, check, wall);
    if (position !== undefined) missing.set(place, position);
    const response = answerCheck(policies, tokens, check, wall, count);
    return response instanceof Promise ? response.then(responseEntry, toErrorEntry) : responseEntry(response);
  } catch (error) {
    return toErrorEntry(error);
  }
}

function toErrorEntry(error: unknown): Buffer {
  if (error instanceof SidegateError) return errorEntry(error);
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
