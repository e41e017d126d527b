import { defineErrors } from "./define.ts";

/** Manifests that are refused or reported: SG1000 to SG1999. */
export const manifestErrors = defineErrors({
  SG1001: {
    reason: "InvalidManifest",
    cause: "A manifest does not fit the schema or the rules of its kind.",
    remedy: "Correct the field that the message names; `kubectl explain KIND.spec` describes it.",
  },
});
