import type { KubeMetadata, KubeObject, Resource } from "../kube/kube-api.ts";

export const leaseResource: Resource = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
};

/** The part of a Lease's spec that is used here. Its times are for people: nobody's clock is believed. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** A Lease as the API server sends it. */
export interface Lease extends KubeObject {
  metadata: KubeMetadata & { annotations?: Record<string, string> };
  spec?: LeaseSpec;
}

/** RFC 3339 with six decimals, as Leases and Events have it. @param ms milliseconds since 1970 */
export function formatMicroTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** A Lease to be created. */
export function newLease(namespace: string, name: string, spec: LeaseSpec, annotations?: object): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { namespace, name, ...(annotations && { annotations: annotations as Record<string, string> }) },
    spec,
  };
}
