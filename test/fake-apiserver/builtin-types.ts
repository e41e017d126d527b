import type { JsonObject } from "./json.ts";
import type { PrinterColumn, ResourceType } from "./resource-type.ts";

const atomicObject = {
  type: "object",
  "x-kubernetes-map-type": "atomic",
  "x-kubernetes-preserve-unknown-fields": true,
};
const age: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
const text = { type: "string" };
const microTime = { type: "string", format: "micro-time" };
const time = { type: "string", format: "date-time" };
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
    selectable: [],
    createOnUpdate: false,
    unconditionalUpdate: false,
    storage: `${group}/${plural}`,
    ...more,
  };
}

/** Each of a list of webhooks is known by its name; what is in it, beside its certificate, nobody here looks at. */
const webhooks = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
  items: {
    type: "object",
    required: ["name"],
    properties: { name: text },
    "x-kubernetes-preserve-unknown-fields": true,
  },
};
const texts = { type: "object", additionalProperties: text };

const objectFields = ["kind", "namespace", "name", "uid"];

function eventColumns(object: string, message: string): PrinterColumn[] {
  return [
    { name: "Type", type: "string", jsonPath: ".type" },
    { name: "Reason", type: "string", jsonPath: ".reason" },
    { name: "Object", type: "string", jsonPath: `${object}.name` },
    { name: "Message", type: "string", jsonPath: message },
  ];
}

/** What a controller needs beside its own kinds. Events are one resource with two spellings, stored in the older. */
export const builtinTypes: readonly ResourceType[] = [
  builtin("", "v1", "namespaces", "Namespace", {
    shortNames: ["ns"],
    namespaced: false,
    hasStatus: true,
    unconditionalUpdate: true,
    columns: [{ name: "Status", type: "string", jsonPath: ".status.phase" }, age],
    selectable: [".status.phase"],
    schema: schemaOf({
      spec: schemaOf({ finalizers: { type: "array", items: text } }),
      status: schemaOf({ phase: text }),
    }),
  }),
  builtin("", "v1", "events", "Event", {
    shortNames: ["ev"],
    createOnUpdate: true,
    unconditionalUpdate: true,
    columns: eventColumns(".involvedObject", ".message"),
    selectable: [".reason", ".type", ...objectFields.map((field) => `.involvedObject.${field}`)],
    schema: schemaOf({
      involvedObject: atomicObject,
      reason: text,
      message: text,
      source: atomicObject,
      firstTimestamp: time,
      lastTimestamp: time,
      count,
      type: text,
      eventTime: microTime,
      series: schemaOf({ count, lastObservedTime: microTime }),
      action: text,
      related: atomicObject,
      reportingComponent: text,
      reportingInstance: text,
    }),
  }),
  builtin("", "v1", "configmaps", "ConfigMap", {
    shortNames: ["cm"],
    createOnUpdate: true,
    unconditionalUpdate: true,
    columns: [age],
    schema: schemaOf({ data: texts, binaryData: texts, immutable: { type: "boolean" } }),
  }),
  builtin("", "v1", "secrets", "Secret", {
    createOnUpdate: true,
    unconditionalUpdate: true,
    columns: [{ name: "Type", type: "string", jsonPath: ".type" }, age],
    selectable: [".type"],
    schema: schemaOf({ data: texts, stringData: texts, type: text, immutable: { type: "boolean" } }),
  }),
  builtin(
    "admissionregistration.k8s.io",
    "v1",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
    {
      namespaced: false,
      columns: [age],
      schema: schemaOf({ webhooks }),
    },
  ),
  builtin(
    "admissionregistration.k8s.io",
    "v1",
    "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration",
    {
      namespaced: false,
      columns: [age],
      schema: schemaOf({ webhooks }),
    },
  ),
  builtin("coordination.k8s.io", "v1", "leases", "Lease", {
    createOnUpdate: true,
    columns: [{ name: "Holder", type: "string", jsonPath: ".spec.holderIdentity" }, age],
    schema: schemaOf({
      spec: schemaOf({
        holderIdentity: text,
        leaseDurationSeconds: count,
        acquireTime: microTime,
        renewTime: microTime,
        leaseTransitions: count,
        strategy: text,
        preferredHolder: text,
      }),
    }),
  }),
  builtin("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", {
    namespaced: false,
    isReview: true,
  }),
  builtin("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", {
    namespaced: false,
    isReview: true,
  }),
  builtin("events.k8s.io", "v1", "events", "Event", {
    storage: "/events",
    shortNames: ["ev"],
    createOnUpdate: true,
    unconditionalUpdate: true,
    columns: eventColumns(".regarding", ".note"),
    selectable: [".reason", ".type", ...objectFields.map((field) => `.regarding.${field}`)],
    schema: schemaOf({
      eventTime: microTime,
      series: schemaOf({ count, lastObservedTime: microTime }),
      reportingController: text,
      reportingInstance: text,
      action: text,
      reason: text,
      regarding: atomicObject,
      related: atomicObject,
      note: text,
      type: text,
      deprecatedSource: atomicObject,
      deprecatedFirstTimestamp: time,
      deprecatedLastTimestamp: time,
      deprecatedCount: count,
    }),
  }),
];
