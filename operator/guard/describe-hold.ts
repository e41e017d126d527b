import type { heldReasons } from "../../engine/diagnose/problem.ts";
import type { AccessDomain } from "../../engine/model/objects.generated.ts";
import { NOTHING_TO_SAY, type StatusReport } from "../status-report.ts";
import { type Hold, RELEASE_ANNOTATION, REVISION_PREFIX } from "./hold.ts";
import { URGENT_ANNOTATION } from "./unreleased-changes.ts";

export const HELD = "Held";

/** What the guard adds to the status of an AccessDomain: nothing, until it has held something once. */
export function describeHold(domain: AccessDomain, hold: Hold | undefined): StatusReport {
  if (hold === undefined) {
    if (!domain.status?.conditions?.some(({ type }) => type === HELD)) return NOTHING_TO_SAY;
    return report(undefined, "False", "Released", "Nothing is held back");
  }
  const { isInherited: _, ...held } = hold;
  return report(held, "True", "TooMuchRevoked", sentenceOf(domain.metadata.namespace, hold));
}

/** What is held, why, and how to let it go: for a status and an event. */
export function sentenceOf(namespace: string | undefined, hold: Hold): string {
  const { revision, total, revoked, maxRevokedPercent, released } = hold;
  const percent = Math.floor((revoked * 100) / total);
  const name = (long: string) => long.slice(0, REVISION_PREFIX);
  const why = `Changes that take ${revoked} of ${total} grants away (${percent} %, more than ${maxRevokedPercent} %) are held back, and all that came after them`;
  const now = hold.isInherited
    ? `sidecars that have revision ${name(released.revision)} go on with it; new ones wait, because the operator was restarted since`
    : `sidecars go on with revision ${name(released.revision)}`;
  const annotate = (object: string, annotation: string) =>
    `kubectl annotate --overwrite -n ${namespace ?? "NAMESPACE"} ${object} ${annotation}`;
  const remedy = `to let the changes through: ${annotate("accessdomain default", `${RELEASE_ANNOTATION}=${name(revision)}`)}; to let a single deletion through, first: ${annotate("KIND NAME", `${URGENT_ANNOTATION}=true`)}`;
  return `${why}; ${now}; ${remedy}`;
}

function report(
  held: Omit<Hold, "isInherited"> | undefined,
  status: "True" | "False",
  reason: keyof typeof heldReasons,
  message: string,
): StatusReport {
  return { fields: { held }, conditions: [{ type: HELD, status, reason, message }], note: "" };
}
