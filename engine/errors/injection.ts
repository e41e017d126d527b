import { defineErrors } from "./define.ts";

/** Injection into pods: SG4600 to SG4699. */
export const injectionErrors = defineErrors({
  SG4601: {
    reason: "InvalidInjectionSettings",
    cause: "The file that --injection names can not be read, is not YAML, or has a field that is wrong.",
    remedy: "Correct the field that the message names; docs/reference/injection.md lists them all.",
  },
});
