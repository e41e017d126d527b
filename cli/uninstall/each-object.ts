import type { KubeApi, KubeObject, Resource } from "../../operator/kube/kube-api.ts";
import { isNotFound } from "../../operator/kube/kube-error.ts";

const PAGE = 500;
/** Requests at once. */
const WIDTH = 16;

export interface Selection {
  readonly resource: Resource;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Absent: objects of all names. */
  readonly name?: string;
}

/**
 * Calls `act` with each object of a selection, several at a time. A resource that the cluster does not have
 * has no objects.
 *
 * @returns for how many `act` answered true
 */
export async function eachObject(
  api: KubeApi,
  selection: Selection,
  signal: AbortSignal,
  act: (object: KubeObject) => Promise<boolean>,
): Promise<number> {
  let count = 0;
  let continueToken: string | undefined;
  do {
    const page = await listPage(api, selection, continueToken, signal);
    const waiting = [...page.items];
    const work = async () => {
      for (let object = waiting.pop(); object !== undefined; object = waiting.pop())
        if (await act(object)) count++;
    };
    await Promise.all(Array.from({ length: WIDTH }, work));
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
  return count;
}

async function listPage(
  api: KubeApi,
  { resource, namespace, name }: Selection,
  continueToken: string | undefined,
  signal: AbortSignal,
) {
  try {
    const fieldSelector = name === undefined ? undefined : `metadata.name=${name}`;
    return await api.list(resource, { namespace, limit: PAGE, continueToken, fieldSelector, signal });
  } catch (error) {
    if (isNotFound(error)) return { items: [], continueToken: undefined };
    throw error;
  }
}
