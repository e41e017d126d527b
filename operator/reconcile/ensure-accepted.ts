import type { Verdict } from "../../engine/diagnose/diagnose.ts";
import type { Condition, SidegateObject } from "../../engine/model/objects.generated.ts";
import { isTerminating, type World } from "../../engine/model/world.ts";
import { isNotFound } from "../kube/kube-error.ts";
import { sidegateResources } from "../source/kubernetes/sidegate-resources.ts";
import type { Handler } from "./handler.ts";
import { referencesLeft } from "./references-left.ts";

export interface EnsureAcceptedDependencies {
  readonly diagnose: (world: World, object: SidegateObject) => Verdict;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
}

const TYPE = "Accepted";
const FIELD_MANAGER = "sidegate-operator";
/** Characters of a message; the CRDs allow more, a terminal does not. */
const MAX_MESSAGE = 1024;
/** Referring objects that a message names. */
const MAX_NAMED = 5;

/**
 * Keeps the condition Accepted of an object true to what the policy makes of it. Nothing is written unless something
 * changed; all that is written goes in one server-side apply, which leaves what others wrote in the status alone.
 */
export function ensureAccepted({ diagnose, wallTime }: EnsureAcceptedDependencies): Handler {
  return async ({ object, world, api }) => {
    const { generation: observedGeneration = 0, namespace, name, uid } = object.metadata;
    const verdict = isTerminating(object) ? describeDeletion(world, object) : diagnose(world, object);
    const before = object.status?.conditions?.find(({ type }) => type === TYPE);
    const status = verdict.accepted ? "True" : "False";
    const condition: Condition = {
      type: TYPE,
      status,
      reason: verdict.reason,
      message: verdict.message.slice(0, MAX_MESSAGE),
      observedGeneration,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : formatTime(wallTime()),
    };
    if (isSame(before, condition) && object.status?.observedGeneration === observedGeneration) return;
    const { apiVersion, kind } = object;
    const body = {
      apiVersion,
      kind,
      // The uid keeps the status of one object from another that bears its name by now.
      metadata: { name, ...(namespace !== undefined && { namespace }), ...(uid !== undefined && { uid }) },
      status: { observedGeneration, conditions: [condition] },
    };
    try {
      await api.apply(sidegateResources[kind], body, { fieldManager: FIELD_MANAGER, subresource: "status" });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
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

function isSame(a: Condition | undefined, b: Condition): boolean {
  return (
    a !== undefined &&
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration
  );
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
