import { defineErrors } from "./define.ts";

/** The command line: SG5000 to SG5999. */
export const cliErrors = defineErrors({
  SG5001: {
    reason: "UsageError",
    cause: "The command line has an argument or option that it does not take, or lacks one.",
    remedy: "See `sidegate COMMAND --help`.",
  },
});
