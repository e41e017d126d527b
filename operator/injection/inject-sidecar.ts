import type { JsonPatchOperation } from "../admission/review.ts";
import { findConflict, wasInjected } from "./find-conflict.ts";
import {
  CONTAINER,
  directories,
  env,
  INJECT_LABEL,
  INJECTED_ANNOTATION,
  SOCKET,
  TOKEN_FILE,
  volumes,
} from "./names.ts";
import { nodeVolumes } from "./node-volumes.ts";
import type { Container, Pod, Volume, VolumeMount } from "./pod.ts";
import { PodPatch } from "./pod-patch.ts";
import { type PodWishes, readWishes, warnOfUnknown } from "./pod-wishes.ts";
import type { InjectionSettings } from "./settings.ts";
import { sidecarContainer, sidecarVolumes } from "./sidecar-container.ts";

/** What becomes of a pod. */
export type Injection =
  /** It does not ask for injection, or can not be changed. */
  | { readonly outcome: "Nothing" }
  /** A sentence that says why it can not be injected, and what to do. */
  | { readonly outcome: "Impossible"; readonly problem: string }
  | {
      readonly outcome: "Injected";
      readonly wishes: PodWishes;
      /** Empty where the pod has all that it needs. */
      readonly patch: readonly JsonPatchOperation[];
      readonly warnings: readonly string[];
    };

/** Copies of pods that a kubelet runs from files: the API server only shows them. */
const MIRROR = "kubernetes.io/config.mirror";

/**
 * Gives a pod that asks for it a sidecar, or the way to that of its node. Idempotent: what is there already is left as other
 * webhooks and defaults have made it; containers that came later get what they lack, and the sidecar goes back to the first
 * place, before init containers that may redirect its traffic.
 *
 * @param namespace of the pod, which the object itself may lack
 */
export function injectSidecar(pod: Pod, namespace: string, settings: InjectionSettings): Injection {
  const { labels, annotations = {} } = pod.metadata ?? {};
  if (labels?.[INJECT_LABEL] !== "true" || annotations[MIRROR] !== undefined) return { outcome: "Nothing" };
  const wishes = readWishes(annotations, namespace, settings);
  if (typeof wishes === "string") return { outcome: "Impossible", problem: wishes };
  const problem = findConflict(pod, wishes.mode);
  if (problem !== undefined) return { outcome: "Impossible", problem };

  const patch = new PodPatch();
  const isSidecar = wishes.mode === "sidecar";
  if (!wasInjected(pod))
    patch.set("/metadata/annotations", pod.metadata?.annotations, INJECTED_ANNOTATION, wishes.mode);
  addVolumes(patch, pod, isSidecar ? sidecarVolumes(settings) : nodeVolumes(settings));
  const places = isSidecar ? placeSidecar(patch, pod, wishes, settings) : placesOf(pod.spec.initContainers);
  const needs = isSidecar ? besideSidecar() : onNode(wishes, namespace);
  for (const [container, place] of places) complete(patch, `/spec/initContainers/${place}`, container, needs);
  for (const [container, place] of placesOf(pod.spec.containers))
    complete(patch, `/spec/containers/${place}`, container, needs);
  return { outcome: "Injected", wishes, patch: patch.operations, warnings: warnOfUnknown(annotations) };
}

/** Containers with their places in the list once the patch is applied. */
type Places = readonly (readonly [Container, number])[];

function placesOf(containers: readonly Container[] = []): Places {
  return containers.map((container, place) => [container, place]);
}

/** Puts the sidecar first; answers where the other init containers are then. */
function placeSidecar(
  patch: PodPatch,
  { spec }: Pod,
  wishes: PodWishes,
  settings: InjectionSettings,
): Places {
  const path = "/spec/initContainers";
  const { initContainers } = spec;
  const index = initContainers?.findIndex(({ name }) => name === CONTAINER) ?? -1;
  if (index === -1) patch.prepend(path, initContainers, sidecarContainer(wishes, settings));
  else if (index > 0) patch.moveFirst(path, initContainers as readonly Container[], index);
  const others = initContainers?.filter(({ name }) => name !== CONTAINER) ?? [];
  return others.map((container, place) => [container, place + 1]);
}

function addVolumes(patch: PodPatch, { spec }: Pod, wanted: readonly Volume[]): void {
  const present = new Set(spec.volumes?.map(({ name }) => name));
  for (const volume of wanted)
    if (!present.has(volume.name)) patch.append("/spec/volumes", spec.volumes, volume);
}

/** What a container needs to ask. */
interface Needs {
  readonly mounts: readonly VolumeMount[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** Read-only: a socket can be connected to all the same, and no container can put its own in the sidecar's place. */
const socketMount: VolumeMount = { name: volumes.socket, mountPath: directories.socket, readOnly: true };
const address = { name: env.address, value: `unix://${SOCKET}` };

function besideSidecar(): Needs {
  return { mounts: [socketMount], env: [address] };
}

function onNode({ domain }: PodWishes, namespace: string): Needs {
  return {
    mounts: [socketMount, { name: volumes.trust, mountPath: directories.trust, readOnly: true }],
    env: [
      address,
      { name: env.tokenFile, value: TOKEN_FILE },
      // The node's sidecar answers checks that name no domain by that of the pod's namespace.
      ...(domain === namespace ? [] : [{ name: env.domain, value: domain }]),
    ],
  };
}

function complete(patch: PodPatch, path: string, container: Container, needs: Needs): void {
  const mounted = new Set(container.volumeMounts?.map(({ name }) => name));
  for (const mount of needs.mounts)
    if (!mounted.has(mount.name)) patch.append(`${path}/volumeMounts`, container.volumeMounts, mount);
  const set = new Set(container.env?.map(({ name }) => name));
  for (const variable of needs.env)
    if (!set.has(variable.name)) patch.append(`${path}/env`, container.env, variable);
}
