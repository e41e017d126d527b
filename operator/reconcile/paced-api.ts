import type { KubeApi, KubeObject } from "../kube/kube-api.ts";

/**
 * The same API with writes that wait for their turn and are told of. Reads pass.
 *
 * @param turn resolves when the next write may go
 * @param wrote told of each object as a write left it
 */
export function pacedApi(
  api: KubeApi,
  turn: () => Promise<void>,
  wrote: (object: KubeObject) => void,
): KubeApi {
  const noted = async (write: Promise<KubeObject>): Promise<KubeObject> => {
    const object = await write;
    wrote(object);
    return object;
  };
  return {
    list: (resource, options) => api.list(resource, options),
    watch: (resource, options, onEvent) => api.watch(resource, options, onEvent),
    get: (resource, namespace, name) => api.get(resource, namespace, name),
    async create(resource, namespace, object) {
      await turn();
      return noted(api.create(resource, namespace, object));
    },
    async apply(resource, object, options) {
      await turn();
      return noted(api.apply(resource, object, options));
    },
    async mergePatch(resource, namespace, name, patch) {
      await turn();
      return noted(api.mergePatch(resource, namespace, name, patch));
    },
    async delete(resource, namespace, name, preconditions) {
      await turn();
      await api.delete(resource, namespace, name, preconditions);
    },
  };
}
