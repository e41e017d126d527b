import type { JsonSchema } from "./custom-resource-definition.ts";

const string: JsonSchema = { type: "string" };
const integer: JsonSchema = { type: "integer" };
const instant: JsonSchema = { type: "string", format: "date-time" };
const boolean: JsonSchema = { type: "boolean" };
const strings: JsonSchema = { type: "array", items: string };
const stringMap: JsonSchema = { type: "object", additionalProperties: string };

/**
 * ObjectMeta of meta/v1, which CRDs do not describe. managedFields, which a manifest
 * that was exported from a cluster has, has no type and is passed over.
 */
export const objectMetaSchema: JsonSchema = {
  type: "object",
  properties: {
    name: { ...string, description: "The name of the object." },
    generateName: string,
    namespace: string,
    selfLink: string,
    uid: string,
    resourceVersion: string,
    generation: integer,
    creationTimestamp: instant,
    deletionTimestamp: instant,
    deletionGracePeriodSeconds: integer,
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
