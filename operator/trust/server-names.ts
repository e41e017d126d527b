/** The names by which a replica is called: those of its Service, and of the headless one that sidecars are given. */
export function serverNames(service: string, namespace: string): string[] {
  return [service, `${service}-replicas`].flatMap((name) => [
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.cluster.local`,
    `${name}.${namespace}`,
    name,
  ]);
}
