import type { Kind } from "../../engine/model/objects.generated.ts";
import type { World } from "../../engine/model/world.ts";
import type { EventRecorder } from "./event-recorder.ts";

/** Objects of one publication that an event is recorded about; a mass change is late as one. */
const MOST = 20;

/** Records that changes are not effective after a while, and whom they wait for. */
export function recordLate(
  events: EventRecorder,
  world: World | undefined,
  objects: readonly { readonly kind: Kind; readonly name: string }[],
  waitsFor: string,
): void {
  for (const { kind, name } of objects.slice(0, MOST)) {
    const object = world?.get(kind, name);
    if (object === undefined) continue;
    const { namespace, uid, resourceVersion } = object.metadata;
    events.record(
      { apiVersion: object.apiVersion, kind, name, namespace, uid, resourceVersion },
      { type: "Warning", reason: "NotEffectiveYet", message: waitsFor, action: "Propagate" },
    );
  }
}
