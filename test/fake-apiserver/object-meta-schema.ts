import type { JsonObject } from "./json.ts";

const text = { type: "string" };
const count = { type: "integer" };
const texts = { type: "object", additionalProperties: text };
const free = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** The types of ObjectMeta (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/). */
export const objectMetaSchema: JsonObject = {
  type: "object",
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: count,
    creationTimestamp: { type: "string", format: "date-time", nullable: true },
    deletionTimestamp: { type: "string", format: "date-time" },
    deletionGracePeriodSeconds: count,
    labels: texts,
    annotations: texts,
    finalizers: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    ownerReferences: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["uid"],
      items: {
        type: "object",
        "x-kubernetes-map-type": "atomic",
        properties: {
          apiVersion: text,
          kind: text,
          name: text,
          uid: text,
          controller: { type: "boolean" },
          blockOwnerDeletion: { type: "boolean" },
        },
      },
    },
    managedFields: { type: "array", items: free },
  },
};
