import { expect, test } from "vitest";
import { toSidegateObject } from "./to-sidegate-object.ts";

const stored = {
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "Organization",
  metadata: {
    name: "acme",
    namespace: "shop",
    uid: "5d0b",
    resourceVersion: "7",
    generation: 2,
    creationTimestamp: "2026-01-01T00:00:00Z",
    deletionTimestamp: "2026-01-02T00:00:00Z",
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", team: "blue" },
    labels: { a: "b" },
    finalizers: ["sidegate.dev/in-use"],
    managedFields: [{ manager: "kubectl" }],
  },
  spec: { displayName: "Acme" },
  status: { observedGeneration: 2 },
};

test("of a stored object only what Sidegate reads is kept", () => {
  const { creationTimestamp: _c, managedFields: _m, ...metadata } = stored.metadata;
  expect(toSidegateObject(stored)).toEqual({
    ...stored,
    metadata: { ...metadata, annotations: { team: "blue" } },
  });
});

test.each<[string, unknown]>([
  ["null", null],
  ["a list", [stored]],
  ["another version", { ...stored, apiVersion: "sidegate.dev/v2" }],
  ["another kind", { ...stored, kind: "Secret" }],
  ["a kind that every object has as a member", { ...stored, kind: "constructor" }],
  ["no metadata", { ...stored, metadata: undefined }],
  ["no name", { ...stored, metadata: {} }],
  ["no spec", { ...stored, spec: undefined }],
  ["a text for a spec", { ...stored, spec: "x" }],
])("%s is no object of Sidegate", (_, value) => {
  expect(toSidegateObject(value)).toBeUndefined();
});
