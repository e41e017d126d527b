import type { Leadership } from "../leadership.ts";
import type { KubeApi } from "./kube-api.ts";

/**
 * The same API with writes that only the leader may make: each asks first, since the timer that ends a term may be late.
 * Reads pass. A write rejects with an Error where this replica leads no longer.
 */
export function fencedApi(api: KubeApi, leadership: Pick<Leadership, "isLeader">): KubeApi {
  const fence = () => {
    if (!leadership.isLeader) throw new Error("this replica leads no longer");
  };
  return {
    ...api,
    async create(...args) {
      fence();
      return api.create(...args);
    },
    async apply(...args) {
      fence();
      return api.apply(...args);
    },
    async mergePatch(...args) {
      fence();
      return api.mergePatch(...args);
    },
    async delete(...args) {
      fence();
      return api.delete(...args);
    },
  };
}
