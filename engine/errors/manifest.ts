import { defineErrors } from "./define.ts";

/** Manifests that are refused or reported: SG1000 to SG1999. */
export const manifestErrors = defineErrors({
  SG1001: {
    reason: "InvalidManifest",
    cause: "A field of a manifest has a value that its schema does not take.",
    remedy: "Correct the field that the message names; `kubectl explain KIND.spec` describes it.",
  },
  SG1002: {
    reason: "UnknownKind",
    cause: "A manifest is of an apiVersion or kind that Sidegate does not know.",
    remedy: "Correct `apiVersion` and `kind`; the message lists the kinds there are.",
  },
  SG1003: {
    reason: "UnknownField",
    cause:
      "A manifest has a field that its kind does not have. Without strict validation the API server drops it silently.",
    remedy: "Correct the name of the field, or remove it; `kubectl explain KIND.spec` lists the fields.",
  },
  SG1004: {
    reason: "MissingField",
    cause: "A manifest lacks a field that its kind can not do without.",
    remedy: "Add the field that the message names; a misspelt one is reported beside it.",
  },
  SG1005: {
    reason: "DuplicateEntry",
    cause: "A list names the same thing twice.",
    remedy: "Remove one of the entries.",
  },
  SG1006: {
    reason: "RuleBroken",
    cause: "The fields of a manifest do not go together.",
    remedy: "Do what the message says; it is the rule in the CRD of the kind.",
  },
  SG1007: {
    reason: "ImmutableField",
    cause: "A change to an object touches a field that never changes.",
    remedy: "Set the field back, or create another object.",
  },
  SG1008: {
    reason: "InvalidMetadata",
    cause: "The name, the labels or another part of the metadata is not written as Kubernetes asks.",
    remedy: "Correct the part of the metadata that the message names.",
  },
  SG1009: {
    reason: "ManifestTooLarge",
    cause: "An object is larger than what Kubernetes can store.",
    remedy: "Split it: several groups, bindings or catalogs do the same as one.",
  },
});
