import type { JsonObject } from "./json.ts";
import type { ResourceType } from "./resource-type.ts";

const atomicObject = {
  type: "object",
  "x-kubernetes-map-type": "atomic",
  "x-kubernetes-preserve-unknown-fields": true,
};
const text = { type: "string" };
const count = { type: "integer" };

function schemaOf(properties: JsonObject): JsonObject {
  return { type: "object", properties };
}

function builtin(
  group: string,
  version: string,
  plural: string,
  kind: string,
  more: Partial<ResourceType>,
): ResourceType {
  return {
    group,
    version,
    plural,
    singular: kind.toLowerCase(),
    kind,
    listKind: `${kind}List`,
    shortNames: [],
    categories: [],
    namespaced: true,
    hasStatus: false,
    custom: false,
    schema: undefined,
    columns: [],
    createOnUpdate: false,
    unconditionalUpdate: false,
    storage: `${group}/${plural}`,
    ...more,
  };
}

/** What a controller needs beside its own kinds. Events are one resource with two spellings, stored in the older. */
export const builtinTypes: readonly ResourceType[] = [
  builtin("", "v1", "namespaces", "Namespace", {
    shortNames: ["ns"],
    namespaced: false,
    hasStatus: true,
    unconditionalUpdate: true,
    schema: schemaOf({
      spec: schemaOf({ finalizers: { type: "array", items: text } }),
      status: schemaOf({ phase: text }),
    }),
  }),
  builtin("", "v1", "events", "Event", {
    shortNames: ["ev"],
    createOnUpdate: true,
    unconditionalUpdate: true,
    schema: schemaOf({
      involvedObject: atomicObject,
      reason: text,
      message: text,
      source: atomicObject,
      firstTimestamp: text,
      lastTimestamp: text,
      count,
      type: text,
      eventTime: text,
      series: schemaOf({ count, lastObservedTime: text }),
      action: text,
      related: atomicObject,
      reportingComponent: text,
      reportingInstance: text,
    }),
  }),
  builtin("coordination.k8s.io", "v1", "leases", "Lease", {
    createOnUpdate: true,
    schema: schemaOf({
      spec: schemaOf({
        holderIdentity: text,
        leaseDurationSeconds: count,
        acquireTime: text,
        renewTime: text,
        leaseTransitions: count,
        strategy: text,
        preferredHolder: text,
      }),
    }),
  }),
  builtin("events.k8s.io", "v1", "events", "Event", {
    storage: "/events",
    shortNames: ["ev"],
    createOnUpdate: true,
    unconditionalUpdate: true,
    schema: schemaOf({
      eventTime: text,
      series: schemaOf({ count, lastObservedTime: text }),
      reportingController: text,
      reportingInstance: text,
      action: text,
      reason: text,
      regarding: atomicObject,
      related: atomicObject,
      note: text,
      type: text,
      deprecatedSource: atomicObject,
      deprecatedFirstTimestamp: text,
      deprecatedLastTimestamp: text,
      deprecatedCount: count,
    }),
  }),
];
