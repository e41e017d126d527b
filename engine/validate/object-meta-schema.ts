import type { JsonSchema } from "./custom-resource-definition.ts";

const string: JsonSchema = { type: "string" };
const integer: JsonSchema = { type: "integer" };
const boolean: JsonSchema = { type: "boolean" };
const strings: JsonSchema = { type: "array", items: string };
const stringMap: JsonSchema = { type: "object", additionalProperties: string };

/**
 * ObjectMeta of meta/v1, which CRDs do not describe. Fields without a type are written by the API server alone; a manifest
 * that was exported from a cluster has them, and they are passed over.
 */
export const objectMetaSchema: JsonSchema = {
  type: "object",
  properties: {
    name: { ...string, description: "The name of the object." },
    generateName: string,
    namespace: string,
    selfLink: {},
    uid: string,
    resourceVersion: string,
    generation: integer,
    creationTimestamp: {},
    deletionTimestamp: {},
    deletionGracePeriodSeconds: {},
    labels: stringMap,
    annotations: stringMap,
    ownerReferences: {
      type: "array",
      items: {
        type: "object",
        properties: {
          apiVersion: string,
          kind: string,
          name: string,
          uid: string,
          controller: boolean,
          blockOwnerDeletion: boolean,
        },
      },
    },
    finalizers: strings,
    managedFields: {},
  },
};
