import type { DeliveryClient } from "../delivery/delivery-client.ts";
import type { Snapshots } from "../snapshot/snapshots.ts";
import type { FollowedDomain } from "./domain-book.ts";

/** What metrics tell of a sidecar that serves one policy, or of a node's as a whole. */
export interface NodeFacts {
  readonly snapshots: Pick<Snapshots, "domains" | "get" | "ageMs" | "ready" | "waiting">;
  /** Connected: where all its domains are. */
  readonly delivery: Pick<DeliveryClient, "state" | "refused">;
}

/** The domains of a node's sidecar, as if they were of one. */
export function nodeFacts(followed: ReadonlyMap<string, FollowedDomain>): NodeFacts {
  const all = [...followed.values()].map(({ follower }) => follower);
  const of = (domain: string) => followed.get(domain)?.follower.snapshots;
  return {
    snapshots: {
      domains: () => followed.keys(),
      get: (domain) => of(domain)?.get(domain),
      ageMs: (domain) => of(domain)?.ageMs(domain) ?? Infinity,
      ready: all.every(({ snapshots }) => snapshots.ready),
      waiting: all.reduce((sum, { snapshots }) => sum + snapshots.waiting, 0),
    },
    delivery: {
      state: all.every(({ delivery }) => delivery?.state === "streaming") ? "streaming" : "connecting",
      refused: all.reduce((sum, { delivery }) => sum + (delivery?.refused ?? 0), 0),
    },
  };
}
