import type { Kind } from "../engine/model/objects.generated.ts";
import type { KubeApi, KubeObject } from "../operator/kube/kube-api.ts";
import { sidegateResources } from "../operator/source/kubernetes/sidegate-resources.ts";
import { generateWorld } from "./generate-world.ts";
import type { WorldSize } from "./world-plan.ts";

/** Objects that are created at once. */
const WRITERS = 32;

/** Creates a generated domain in a namespace. @returns how many objects it has */
export async function createObjects(api: KubeApi, namespace: string, size: WorldSize): Promise<number> {
  let count = 0;
  await together(generateWorld(size), async (object) => {
    const body = { ...object, metadata: { ...object.metadata, namespace } } as object as KubeObject;
    await api.create(sidegateResources[object.kind as Kind], namespace, body);
    count++;
  });
  return count;
}

/** Does something with each of many, some at once. */
export async function together<T>(all: Iterable<T>, task: (one: T) => Promise<void>): Promise<void> {
  const rest = all[Symbol.iterator]();
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: WRITERS }, worker));
}
