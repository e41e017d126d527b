import type { Condition, SidegateObject } from "../../engine/model/objects.generated.ts";
import type { EventRecorder } from "../events/event-recorder.ts";

/** What a status says, as far as events are made of it. */
interface Said {
  readonly voidedTotal?: unknown;
  readonly conditions?: readonly Condition[] | undefined;
}

/**
 * Records what a person should notice of a status that was written: grants newly void, a constraint newly broken.
 *
 * @param before the status as it was before the write; the object may have the new one by now
 */
export function recordFindings(events: EventRecorder, object: SidegateObject, before: Said, now: Said): void {
  if (object.kind === "AccessRoleBinding") {
    const voided = countOf(now) ?? countOf(before) ?? 0;
    if (voided <= (countOf(before) ?? 0)) return;
    const message = find(now, "Accepted")?.message ?? `${voided} grants are void`;
    record(events, object, "GrantsVoid", message);
  }
  if (object.kind === "AccessConstraint") {
    const satisfied = find(now, "Satisfied");
    if (satisfied?.status !== "False" || find(before, "Satisfied")?.status === "False") return;
    record(events, object, satisfied.reason, satisfied.message);
  }
}

function record(
  events: EventRecorder,
  { apiVersion, kind, metadata }: SidegateObject,
  reason: string,
  message: string,
): void {
  const { name, namespace, uid, resourceVersion } = metadata;
  events.record(
    { apiVersion, kind, name, namespace, uid, resourceVersion },
    { type: "Warning", reason, message, action: "JudgeConstraints" },
  );
}

function countOf({ voidedTotal }: Said): number | undefined {
  return typeof voidedTotal === "number" ? voidedTotal : undefined;
}

function find({ conditions }: Said, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}
