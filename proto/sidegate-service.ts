import { BatchCheckRequest, BatchCheckResponse, CheckRequest, CheckResponse } from "./generated/decision.js";
import { method } from "./method.ts";

/** The methods of sidegate.v1.Sidegate. */
export const sidegateService = {
  check: method("/sidegate.v1.Sidegate/Check", CheckRequest, CheckResponse),
  batchCheck: method("/sidegate.v1.Sidegate/BatchCheck", BatchCheckRequest, BatchCheckResponse),
} as const;
