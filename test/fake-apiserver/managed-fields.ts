import type { Api } from "./api.ts";
import type { KubeObject } from "./kube-object.ts";
import type { ResourceType } from "./resource-type.ts";

export function trackUpdate(
  _api: Api,
  _type: ResourceType,
  _current: KubeObject | undefined,
  _object: KubeObject,
  _manager: string,
  _subresource: "status" | undefined,
): void {}

export function withoutTimes(object: KubeObject): KubeObject {
  return object;
}
