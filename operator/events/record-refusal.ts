import { DOMAIN_NAME } from "../../engine/model/domain-settings.ts";
import type { Domains } from "../domains.ts";
import type { Installation } from "../installation.ts";
import type { EventRecorder } from "./event-recorder.ts";

/** A policy that a sidecar did not take. */
export interface RefusedPush {
  readonly domain: string;
  readonly sidecar: string;
  readonly revision: string;
  /** A registered code and a sentence, both as the sidecar sent them. */
  readonly code: string;
  readonly message: string;
}

/** Records a refused policy at the AccessDomain, or where there is none at the report of this replica. */
export function recordRefusal(
  events: EventRecorder,
  domains: Pick<Domains, "worldOf">,
  { namespace, replica }: Installation,
  { domain, sidecar, revision, code, message }: RefusedPush,
): void {
  const settings = domains.worldOf(domain)?.get("AccessDomain", DOMAIN_NAME);
  const about = settings
    ? { apiVersion: settings.apiVersion, kind: settings.kind, ...referenceTo(settings.metadata) }
    : { apiVersion: "sidegate.dev/v1alpha1", kind: "DeliveryReport", namespace, name: replica };
  events.record(about, {
    type: "Warning",
    reason: "PolicyRefused",
    message: `Sidecar "${sidecar}" refused revision ${revision.slice(0, 12)} of domain "${domain}": ${code}: ${message}`,
    action: "Deliver",
  });
}

function referenceTo({ name, namespace, uid }: { name: string; namespace?: string; uid?: string }) {
  return { name, namespace, uid };
}
