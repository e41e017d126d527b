import type { Condition, SidegateObject } from "../../engine/model/objects.generated.ts";
import { isTerminating } from "../../engine/model/world.ts";

export const EFFECTIVE = "Effective";

/** The condition Effective as the object's status has it. */
export function effectiveCondition({ status }: SidegateObject): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === EFFECTIVE);
}

/**
 * Whether the status says that the object as it is now is effective. For one that is marked for deletion its word for what
 * was there before does not count, since the mark need not raise the generation.
 */
export function isLatched(object: SidegateObject): boolean {
  const condition = effectiveCondition(object);
  if (condition?.status !== "True" || condition.observedGeneration !== object.metadata.generation)
    return false;
  return !isTerminating(object) || condition.reason === "Revoked";
}
