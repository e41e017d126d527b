import type { Logger } from "pino";
import type { World } from "../../engine/model/world.ts";
import type { Clock } from "../../host/clock.ts";
import { TimeLimit } from "../../host/time-limit.ts";
import type { ReadObjects } from "../domain.ts";
import type { Domains } from "../domains.ts";
import { isCluster } from "./exempt-users.ts";
import { type JudgeDependencies, type JudgedRefusal, type Judgement, judge } from "./judge.ts";
import { preview } from "./preview.ts";
import { type AdmissionRequest, type AdmissionResponse, ALLOWED, type ReviewHandler } from "./review.ts";
import { type ReviewedWrite, readWrite } from "./reviewed-write.ts";
import { sidesOf } from "./sides-of.ts";
import { WriteOrder } from "./write-order.ts";

export interface ValidateDependencies extends JudgeDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly domains: Pick<Domains, "read" | "worldOf">;
  /** Whether everything seen at the start was read and changes are known to arrive. */
  readonly isReady: () => boolean;
  /** The name by which the API server knows the operator. */
  readonly ownUsername: () => Promise<string>;
  readonly isNamespaceTerminating: (namespace: string) => Promise<boolean>;
  /** Milliseconds from the beginning of a dry run in which who gains and loses how much is counted. Default 2,000. */
  readonly previewMs?: number;
}

const PREVIEW_MS = 2_000;

/** Reasons that a denial tells in full. */
const TOLD = 4;

/**
 * Judges writes of Sidegate's kinds. What the cluster and the operator itself write is let through, and everything in a namespace
 * that goes (semantics, section 1).
 */
export function createValidateHandler(dependencies: ValidateDependencies): ReviewHandler {
  const { clock, logger, domains, isReady, ownUsername, isNamespaceTerminating } = dependencies;
  const order = new WriteOrder({ clock, worldOf: (domain) => domains.worldOf(domain) });

  /** Who gives an object an owner must be one who may delete it. */
  const judgeGivenAway = async (
    { userInfo }: AdmissionRequest,
    write: ReviewedWrite,
    read: ReadObjects,
    judged: Judgement,
    signal: AbortSignal,
  ): Promise<Judgement> => {
    if (judged.refusals.length > 0) return judged;
    const deletion = { ...write, object: undefined };
    const sides = sidesOf(read, dependencies.policies, deletion);
    const { refusals } = await judge(dependencies, deletion, userInfo, sides, signal);
    const tell = ({ message, isInvalid }: JudgedRefusal) => ({
      path: "metadata.ownerReferences",
      message: `the garbage collector deletes what has an owner: ${message}`,
      isInvalid,
    });
    return { refusals: refusals.map(tell), warnings: judged.warnings };
  };

  const judgeInOrder = async (request: AdmissionRequest, write: ReviewedWrite, signal: AbortSignal) => {
    const { domain, kind, name, old } = write;
    if (old !== undefined) await order.seen(domain, old, signal);
    const read = domains.read(domain);
    if (read === undefined)
      throw new Error(`an object of the domain ${domain} can not be read; see the operator's log`);
    const sides = sidesOf(read, dependencies.policies, write);
    const judged = await judge(dependencies, write, request.userInfo, sides, signal);
    const judgement = write.isGivenAway ? await judgeGivenAway(request, write, read, judged, signal) : judged;
    if (judgement.refusals.length === 0 && !request.dryRun) order.admitted(domain, kind, name);
    return { judgement, sides };
  };

  return async (request, signal) => {
    const write = readWrite(request);
    if (write === "Nothing") return ALLOWED;
    const { username } = request.userInfo;
    if (isCluster(username) || username === (await ownUsername())) return ALLOWED;
    if ("unreadable" in write) return deny(422, "Invalid", write.unreadable);
    if (!isReady())
      throw new Error("this operator has not read everything yet, or is out of touch with the API server");
    const startedAt = clock.now();
    const work = () => judgeInOrder(request, write, signal);
    const isOrdered = isContended(domains.worldOf(write.domain), write);
    const { judgement, sides } = await (isOrdered ? order.run(write.domain, signal, work) : work());
    if (judgement.refusals.length > 0) {
      if (await isNamespaceTerminating(write.domain)) return ALLOWED;
      logRefusal(logger, request, write, judgement);
      return denyFor(judgement);
    }
    if (!request.dryRun) return { warnings: judgement.warnings };
    const left = (dependencies.previewMs ?? PREVIEW_MS) - (clock.now() - startedAt);
    const numbers = await withBudget(clock, left, signal, (budget) => preview(clock, write, sides, budget));
    return { warnings: [...judgement.warnings, ...numbers] };
  };
}

/** Whether what other writes say may decide about this one, so that they must not be judged at the same time. */
function isContended(world: World | undefined, { kind }: ReviewedWrite): boolean {
  if (world === undefined) return true;
  if (kind === "AccessRoleBinding" || kind === "Membership") return world.count("AccessConstraint") > 0;
  return true;
}

function denyFor({ refusals }: Judgement): AdmissionResponse {
  const told = refusals.slice(0, TOLD).map(({ path, message }) => `${path}: ${message}`);
  const more = refusals.length - told.length;
  const message = told.join("; also ") + (more > 0 ? `; and ${more} more like these` : "");
  return refusals[0]?.isInvalid ? deny(422, "Invalid", message) : deny(403, "Forbidden", message);
}

function deny(code: number, reason: string, message: string): AdmissionResponse {
  return { denial: { code, reason, message } };
}

function logRefusal(
  logger: Logger,
  { userInfo, operation, dryRun }: AdmissionRequest,
  { domain, kind, name }: ReviewedWrite,
  { refusals }: Judgement,
): void {
  const [first] = refusals;
  const facts = { domain, kind, name, operation, dryRun, user: userInfo.username };
  logger.info({ ...facts, refusals: refusals.length, path: first?.path }, "Refused a write");
}

/** Does work with a signal that is aborted when the time is over, or when `signal` is. */
async function withBudget<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (budget: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new TimeLimit(clock, ms, [signal]);
  try {
    return await work(limit.signal);
  } finally {
    limit.end();
  }
}
