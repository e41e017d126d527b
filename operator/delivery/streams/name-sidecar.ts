import type { FleetMember } from "../../fleet/fleet.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";

/** By what a sidecar is known. */
export type SidecarName = Pick<FleetMember, "id" | "sidecar" | "verified">;

/**
 * Names a sidecar by what its token has proved, so that none can pass for another pod's; the name that it gives itself only
 * tells apart those of one pod.
 *
 * @param claimed the name that it gives itself
 * @param identity absent where delivery is not authenticated
 */
export function nameOf(claimed: string, identity: PeerIdentity | undefined): SidecarName {
  if (identity === undefined) return { id: claimed, sidecar: claimed };
  const { user, pod } = identity;
  if (pod === undefined) {
    const id = `${user}/${claimed}`;
    return { id, sidecar: id, verified: { user } };
  }
  // A node's sidecar has a stream for each domain, with the name "POD/DOMAIN".
  const named = `${claimed}/`.startsWith(`${pod.name}/`);
  const own = named ? claimed.slice(pod.name.length) : `/${claimed}`;
  return {
    id: `${pod.uid}/${claimed}`,
    sidecar: `${pod.namespace}/${pod.name}${own}`,
    verified: { user, pod },
  };
}
