import { isDeepStrictEqual } from "node:util";
import type { Verdict } from "../../engine/diagnose/diagnose.ts";
import type { Condition, SidegateObject } from "../../engine/model/objects.generated.ts";
import { isTerminating, type World } from "../../engine/model/world.ts";
import type { Clock } from "../../host/clock.ts";
import { describeEffective } from "../effective/describe-effective.ts";
import type { Effective } from "../effective/effective.ts";
import { EFFECTIVE } from "../effective/latch.ts";
import { type EventRecorder, NO_EVENTS } from "../events/event-recorder.ts";
import { formatTime } from "../kube/format-time.ts";
import { isConflict, isNotFound } from "../kube/kube-error.ts";
import type { Lane } from "../kube/work-queue.ts";
import { sidegateResources } from "../source/kubernetes/sidegate-resources.ts";
import { NOTHING_TO_SAY, type StatusReport } from "../status-report.ts";
import { finalizersFor, keptUntilRevoked } from "./finalizers.ts";
import type { Handler } from "./handler.ts";
import { recordFindings } from "./record-findings.ts";
import { referencesLeft } from "./references-left.ts";
import { LOOK_AGAIN_MS, ServedFields } from "./served-fields.ts";
import { StatusPace } from "./status-pace.ts";

export interface EnsureStatusDependencies {
  readonly diagnose: (world: World, object: SidegateObject) => Verdict;
  /** Absent: nothing more is said of any object. */
  readonly report?: (domain: string, object: SidegateObject) => StatusReport;
  /** Default: nothing is recorded. */
  readonly events?: EventRecorder | undefined;
  /** How far changes have come. */
  readonly effective: Pick<Effective, "of" | "restart" | "withdraw">;
  readonly clock: Pick<Clock, "now" | "wallTime">;
  /** Has a key looked at again after so many milliseconds; in the interactive lane, if no other is given. */
  readonly later: (key: string, ms: number, lane?: Lane) => void;
}

const ACCEPTED = "Accepted";
const FIELD_MANAGER = "sidegate-operator";
/** Characters of a message; the CRDs allow more, a terminal does not. */
const MAX_MESSAGE = 1024;
/** Referring objects that a message names. */
const MAX_NAMED = 5;

/**
 * Keeps the status of an object true to what the policy makes of it. Nothing is written unless something changed, and at
 * most once a second; all that is written goes in one server-side apply, which leaves what others wrote in the status alone.
 * A change that may soon be effective is not written about before it is; one that takes longer is looked at again and again,
 * since whom it waits for changes. What the definitions of the cluster do not know of a status is left out.
 */
export function ensureStatus(dependencies: EnsureStatusDependencies): Handler {
  const { diagnose, report, events = NO_EVENTS, effective, clock, later } = dependencies;
  const pace = new StatusPace(clock);
  const served = new ServedFields(clock);
  const wallTime = () => clock.wallTime();
  const wallTimeAt = (at: number) => clock.wallTime() + at - clock.now();
  return async ({ domain, key, object, world, api }) => {
    const { apiVersion, kind } = object;
    const { generation: observedGeneration = 0, namespace, name, uid } = object.metadata;
    const isGoing = isTerminating(object);
    const verdict = isGoing ? describeDeletion(world, object) : diagnose(world, object);
    const { fields, conditions, note } = (!isGoing && report?.(domain, object)) || NOTHING_TO_SAY;
    if (!isGoing && verdict.accepted && wasRejected(object)) effective.restart(domain, object);
    else if (!isGoing && !verdict.accepted) effective.withdraw(domain, object);
    const progress = effective.of(domain, object);
    // Nobody reads the status of what goes with its last finalizer.
    if (isGoing && progress.isEffective && isReleased(object)) return;
    const { finding, holdMs, againMs } = describeEffective(object, verdict.accepted, progress, wallTimeAt);
    const findings = [describeVerdict(verdict, note), { type: EFFECTIVE, ...finding }, ...conditions];
    const wanted = findings.map((finding) => complete(finding, object, observedGeneration, wallTime));
    const writable = served.of(kind, fields);
    const status = { ...writable, observedGeneration, conditions: wanted };
    if (writable !== fields) later(key, LOOK_AGAIN_MS, "background");
    if (againMs !== undefined && holdMs === 0) later(key, againMs, "background");
    if (isSame(object, status)) return;
    const restMs = Math.max(holdMs, pace.restOf(key, observedGeneration));
    if (restMs > 0) return later(key, restMs);
    const body = {
      apiVersion,
      kind,
      // The uid keeps the status of one object from another that bears its name by now.
      metadata: { name, ...(namespace !== undefined && { namespace }), ...(uid !== undefined && { uid }) },
      status,
    };
    const before = object.status ?? {};
    try {
      pace.writes(key);
      await api.apply(sidegateResources[kind], body, { fieldManager: FIELD_MANAGER, subresource: "status" });
      pace.wrote(key);
      recordFindings(events, object, before, status);
    } catch (error) {
      if (isNotFound(error)) return pace.wrote(key);
      const lacking = served.refused(kind, writable, error);
      if (lacking === "known") return later(key, pace.restOf(key, observedGeneration));
      if (lacking !== undefined) throw lacking;
      // What failed before in the same way is tried again without a word.
      if (isConflict(error) || pace.failed(key, observedGeneration, error)) throw error;
      later(key, pace.restOf(key, observedGeneration));
    }
  };
}

/** Whether the status says that the object, as it is now, does not work. */
function wasRejected({ metadata, status }: SidegateObject): boolean {
  const accepted = status?.conditions?.find(({ type }) => type === ACCEPTED);
  return accepted?.status === "False" && accepted.observedGeneration === metadata.generation;
}

/** Whether nothing keeps an object that is marked for deletion but what `ensureRevocation` takes away. */
function isReleased({ kind, metadata }: SidegateObject): boolean {
  const own = finalizersFor(kind);
  return (
    keptUntilRevoked.has(kind) && (metadata.finalizers ?? []).every((finalizer) => own.includes(finalizer))
  );
}

function describeVerdict(
  { accepted, reason, message }: Verdict,
  note: string,
): StatusReport["conditions"][0] {
  const status = accepted ? "True" : "False";
  return { type: ACCEPTED, status, reason, message: accepted ? message + note : message };
}

/** A condition with its times: a transition is a change of status. */
function complete(
  { type, status, reason, message }: StatusReport["conditions"][0],
  object: SidegateObject,
  observedGeneration: number,
  wallTime: () => number,
): Condition {
  const before = object.status?.conditions?.find((condition) => condition.type === type);
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : formatTime(wallTime());
  return {
    type,
    status,
    reason,
    message: message.slice(0, MAX_MESSAGE),
    observedGeneration,
    lastTransitionTime,
  };
}

function describeDeletion(world: World, { kind, metadata }: SidegateObject): Verdict {
  const left: string[] = [];
  for (const key of referencesLeft(world, kind, metadata.name)) {
    // With many, the message must not change with each that goes.
    if (left.push(key.replace("/", " ")) > MAX_NAMED) break;
  }
  const who = left.length > MAX_NAMED ? `more than ${MAX_NAMED} objects` : left.sort().join(", ");
  const waits =
    left.length === 0
      ? ""
      : `; its name stays taken while ${who} ${left.length === 1 ? "refers" : "refer"} to it`;
  return { accepted: false, reason: "Deleting", message: `Marked for deletion${waits}` };
}

/** Whether an object's status says all that is wanted already. */
function isSame({ status: before }: SidegateObject, wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([field, value]) => {
    if (field === "conditions") return (value as Condition[]).every((one) => isSaid(before?.conditions, one));
    return isDeepStrictEqual((before as Record<string, unknown> | undefined)?.[field], value);
  });
}

function isSaid(conditions: readonly Condition[] | undefined, wanted: Condition): boolean {
  const before = conditions?.find(({ type }) => type === wanted.type);
  return (
    before !== undefined &&
    before.status === wanted.status &&
    before.reason === wanted.reason &&
    before.message === wanted.message &&
    before.observedGeneration === wanted.observedGeneration
  );
}
