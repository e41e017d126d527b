import { ReviewCallerRequest, ReviewCallerResponse } from "./generated/callers.js";
import { method } from "./method.ts";

/** The methods of sidegate.v1.Callers. */
export const callersService = {
  review: method("/sidegate.v1.Callers/Review", ReviewCallerRequest, ReviewCallerResponse),
} as const;
