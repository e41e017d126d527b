import type { AccessDomain } from "../../engine/model/objects.generated.ts";
import { sentenceOf } from "../guard/describe-hold.ts";
import type { Hold } from "../guard/hold.ts";
import type { EventRecorder } from "./event-recorder.ts";

/** Records that the guard of a domain began to hold something back, or that it let go. */
export function recordHold(events: EventRecorder, domain: AccessDomain, hold: Hold | undefined): void {
  const { apiVersion, kind, metadata } = domain;
  const { name, namespace, uid, resourceVersion } = metadata;
  const about = { apiVersion, kind, name, namespace, uid, resourceVersion };
  const action = "Guard";
  if (hold === undefined) {
    const message = "Nothing is held back any more";
    events.record(about, { type: "Normal", reason: "PolicyReleased", message, action });
    return;
  }
  events.record(about, {
    type: "Warning",
    reason: "PolicyHeld",
    message: sentenceOf(namespace, hold),
    action,
  });
}
