import type { KubeApi, KubeObject } from "../operator/kube/kube-api.ts";
import { sidegateResources } from "../operator/source/kubernetes/sidegate-resources.ts";
import { pauseMs } from "./pause.ts";
import type { SeenBindings } from "./seen-bindings.ts";
import { bindingName, environmentName, userName, type WorldSize } from "./world-plan.ts";

/** A generated domain on an API server. */
export interface FilledNamespace {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly size: WorldSize;
  readonly seen: SeenBindings;
}

export const CHANGES_PER_SECOND = 50;
const binding = sidegateResources.AccessRoleBinding;

/**
 * Applies a binding, waits until it is effective, deletes it, and waits until it is gone; again and again, with rests.
 *
 * @param prefix of the names
 * @returns how long each took, in milliseconds
 */
export async function applyAndDelete(
  { api, namespace, seen }: FilledNamespace,
  rounds: number,
  prefix = "measured",
): Promise<{ applied: number[]; deleted: number[] }> {
  const applied: number[] = [];
  const deleted: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await pauseMs(200 + Math.random() * 200);
    const name = `${prefix}-${round}`;
    const start = performance.now();
    await api.create(binding, namespace, newBinding(namespace, name, round));
    await seen.effective(name);
    applied.push(performance.now() - start);
    await pauseMs(200 + Math.random() * 200);
    const startDelete = performance.now();
    await api.delete(binding, namespace, name);
    await seen.gone(name);
    deleted.push(performance.now() - startDelete);
  }
  return { applied, deleted };
}

/**
 * Changes bindings at a steady rate, in turn one of each organization.
 *
 * @returns how many there were, the name of the last, and how many seconds it took until it was written
 */
export async function changeSteadily(
  { api, namespace, size }: FilledNamespace,
  seconds: number,
): Promise<{ changes: number; last: string; seconds: number }> {
  const writes: Promise<unknown>[] = [];
  let last = "";
  const start = performance.now();
  for (let number = 0; number < seconds * CHANGES_PER_SECOND; number++) {
    await pauseMs(Math.max(0, start + (number * 1000) / CHANGES_PER_SECOND - performance.now()));
    const name = bindingName(number % size.organizations, Math.floor(number / size.organizations) % 5, 0);
    const subjects = [{ kind: "User", name: `burst-${number}` }];
    last = name;
    writes.push(api.mergePatch(binding, namespace, name, { spec: { subjects } }).catch(() => {}));
  }
  await Promise.all(writes);
  return { changes: writes.length, last, seconds: (performance.now() - start) / 1000 };
}

function newBinding(namespace: string, name: string, round: number): KubeObject {
  const spec = {
    role: "observer",
    subjects: [{ kind: "User", name: userName(0, round % 5) }],
    scope: { kind: "Environment", name: environmentName(0, 0) },
  };
  return {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "AccessRoleBinding",
    metadata: { name, namespace },
    spec,
  };
}
