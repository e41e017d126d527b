import { deliveryReportResource } from "../../operator/effective/report-object.ts";
import { leaseResource } from "../../operator/election/lease.ts";
import type { KubeObject } from "../../operator/kube/kube-api.ts";
import { LEADER_LEASE } from "../../operator/replica/join-installation.ts";
import { replicaOfLease } from "../../operator/replica/replica-lease.ts";
import { AUTHORITY_SECRET } from "../../operator/trust/authority-keeper.ts";
import { secretResource } from "../../operator/trust/resources.ts";
import type { Selection } from "./each-object.ts";

/**
 * What replicas write into their own namespace, besides what the chart puts there. `helm uninstall` leaves it, and nothing owns
 * it: Kubernetes would collect it with its owner, while an operator that is installed again at once has to know which
 * sidecars may still decide, and with which keys they are to be spoken to.
 */
export function operatorObjects(
  namespace: string,
): readonly { readonly selection: Selection; readonly isOurs: (object: KubeObject) => boolean }[] {
  return [
    { selection: { resource: leaseResource, namespace }, isOurs: isLeaseOfOurs },
    { selection: { resource: deliveryReportResource, namespace }, isOurs: () => true },
    { selection: { resource: secretResource, namespace, name: AUTHORITY_SECRET }, isOurs: () => true },
  ];
}

function isLeaseOfOurs({ metadata: { name } }: KubeObject): boolean {
  return name === LEADER_LEASE || replicaOfLease(name) !== undefined;
}
