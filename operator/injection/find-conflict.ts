import { quote } from "../../engine/model/quote.ts";
import { CONTAINER, directories, INJECTED_ANNOTATION, ports, volumes } from "./names.ts";
import type { Container, Pod } from "./pod.ts";
import type { InjectionMode } from "./settings.ts";

/** What keeps a pod from being injected, as a sentence that says what to do; undefined: nothing. */
type Rule = (pod: Pod, mode: InjectionMode) => string | undefined;

/** In this order; the first that finds something is what the user is told. */
const rules: readonly Rule[] = [
  // There is no image for Windows, and no Unix socket to share.
  findWindows,
  // Each would take ports of the node; two pods of a node could not start.
  findHostNetwork,
  // Names come before ports: a pod with a sidecar of its own has both, and the name says more.
  findTakenName,
  findTakenVolume,
  findTakenDirectory,
  findTakenPort,
];

/** What keeps a pod from being injected, or undefined. */
export function findConflict(pod: Pod, mode: InjectionMode): string | undefined {
  for (const rule of rules) {
    const problem = rule(pod, mode);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function findWindows({ spec }: Pod): string | undefined {
  const system = spec.os?.name ?? spec.nodeSelector?.["kubernetes.io/os"];
  return system === "windows"
    ? "it runs on Windows, for which there is no sidecar; remove the label"
    : undefined;
}

function findHostNetwork({ spec }: Pod, mode: InjectionMode): string | undefined {
  if (mode === "node" || spec.hostNetwork !== true) return undefined;
  return "spec.hostNetwork is true, so the sidecar's ports would be the node's; set the annotation sidegate.dev/mode to \"node\", where the installation offers it, or remove hostNetwork";
}

function findTakenName(pod: Pod, mode: InjectionMode): string | undefined {
  const { containers, initContainers = [] } = pod.spec;
  const isTaken = (container: Container) => container.name === CONTAINER;
  if (containers.some(isTaken)) return `a container is called ${quote(CONTAINER)}; rename it`;
  if (mode === "node" || wasInjected(pod) || !initContainers.some(isTaken)) return undefined;
  return `an init container is called ${quote(CONTAINER)}, and injection did not make it; rename it or remove the label`;
}

function findTakenVolume(pod: Pod): string | undefined {
  if (wasInjected(pod)) return undefined;
  const ours: readonly string[] = Object.values(volumes);
  const taken = pod.spec.volumes?.find(({ name }) => ours.includes(name));
  return taken && `a volume is called ${quote(taken.name)}; rename it`;
}

function findTakenDirectory({ spec }: Pod): string | undefined {
  const ours = new Map<string, string>([
    [directories.socket, volumes.socket],
    [directories.trust, volumes.trust],
  ]);
  for (const container of applicationContainers(spec)) {
    for (const { name, mountPath } of container.volumeMounts ?? []) {
      const volume = ours.get(mountPath.replace(/\/+$/, ""));
      if (volume === undefined || volume === name) continue;
      return `container ${quote(container.name)} mounts ${quote(name)} at ${mountPath}, where the sidecar is reached; mount it elsewhere`;
    }
  }
  return undefined;
}

function findTakenPort({ spec }: Pod, mode: InjectionMode): string | undefined {
  if (mode === "node") return undefined;
  const ours: readonly number[] = Object.values(ports);
  for (const container of applicationContainers(spec)) {
    const taken = container.ports?.find(
      ({ containerPort, protocol = "TCP" }) => protocol === "TCP" && ours.includes(containerPort),
    );
    if (taken === undefined) continue;
    return `container ${quote(container.name)} listens at port ${taken.containerPort}, which the sidecar takes; change it (the sidecar takes ${ours.join(", ")})`;
  }
  return undefined;
}

/** Whether injection has changed the pod before. */
export function wasInjected({ metadata }: Pod): boolean {
  return metadata?.annotations?.[INJECTED_ANNOTATION] !== undefined;
}

function applicationContainers({ containers, initContainers = [] }: Pod["spec"]): readonly Container[] {
  return [...initContainers, ...containers].filter(({ name }) => name !== CONTAINER);
}
