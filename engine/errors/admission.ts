import { defineErrors } from "./define.ts";

/** The webhooks' port: SG4500 to SG4599. What a write is refused for has no code: the writer reads a sentence. */
export const admissionErrors = defineErrors({
  SG4501: {
    reason: "NoReview",
    cause:
      "A request to the webhooks is no review, is larger than any that the API server sends, or came while too many others were received.",
    remedy:
      "Look at what runs at the address that the operator's log names: only the API server has to reach the port, and a NetworkPolicy of the cluster can see to that.",
  },
});
