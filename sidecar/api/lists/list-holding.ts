import type { Holding } from "../../../engine/enumerate/holding.ts";
import { Certainty, type Holding as HoldingMessage } from "../../../proto/generated/decision.js";
import type { Input } from "../../../proto/message-type.ts";

/** How sure an entry is, as the response has it. */
export function toHolding(holding: Holding): Input<HoldingMessage> {
  if (holding.certainty === "Conditional")
    return { certainty: Certainty.CONDITIONAL, dependsOn: holding.dependsOn };
  const { until } = holding;
  return { certainty: Certainty.ALWAYS, until: Number.isFinite(until) ? until : 0 };
}

/** About how many characters it takes. */
export function lengthOfHolding(holding: Holding): number {
  if (holding.certainty === "Always") return 16;
  return holding.dependsOn.reduce((length, { detail }) => length + 16 + detail.length, 16);
}
