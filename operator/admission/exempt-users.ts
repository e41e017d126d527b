/**
 * The accounts by which the cluster itself writes: the controllers' own accounts, and the one that they share where
 * kube-controller-manager runs without accounts of their own. The chart keeps their requests from coming here at all, so that
 * they work with the operator down; they are let through here for installations that do not.
 */
const CLUSTER: ReadonlySet<string> = new Set([
  "system:serviceaccount:kube-system:generic-garbage-collector",
  "system:serviceaccount:kube-system:namespace-controller",
  "system:kube-controller-manager",
]);

/** Whether somebody is a controller of the cluster that cleans up. */
export function isCluster(username: string): boolean {
  return CLUSTER.has(username);
}
