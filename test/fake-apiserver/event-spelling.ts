import type { KubeObject } from "./kube-object.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";

/** How the fields of core/v1 Events are called in events.k8s.io/v1; both are views of one resource. */
const newNames: Readonly<Record<string, string>> = {
  involvedObject: "regarding",
  message: "note",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount",
  reportingComponent: "reportingController",
};
const oldNames = Object.fromEntries(Object.entries(newNames).map(([old, name]) => [name, old]));

/** A stored object as the clients of a type see it. Only Events look different from how they are stored. */
export function asSeen(type: ResourceType, object: KubeObject): KubeObject {
  return object.apiVersion === apiVersionOf(type) ? object : respell(object, apiVersionOf(type), newNames);
}

/** An object of a client as it is stored. */
export function asStored(type: ResourceType, object: KubeObject): KubeObject {
  return type.group === "events.k8s.io" ? respell(object, "v1", oldNames) : object;
}

function respell(
  object: KubeObject,
  apiVersion: string,
  names: Readonly<Record<string, string>>,
): KubeObject {
  const fields = Object.entries(object).map(([field, value]) => [names[field] ?? field, value] as const);
  return { ...Object.fromEntries(fields), apiVersion } as KubeObject;
}
