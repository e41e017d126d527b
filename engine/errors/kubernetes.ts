import { defineErrors } from "./define.ts";

/** Talking to the API server: SG4000 to SG4999. */
export const kubernetesErrors = defineErrors({
  SG4001: {
    reason: "UnorderedResourceVersion",
    cause: "The API server gave a resourceVersion that is not a decimal integer, so positions can not be compared.",
    remedy: "Run the operator against an API server that stores in etcd.",
  },
});
