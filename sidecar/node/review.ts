import type { ReviewCallerResponse } from "../../proto/generated/callers.js";

/**
 * Asks the operator who has a token and whether they may ask about a domain, "" for that of their namespace. Rejects with
 * SG3304 where the operator can not be asked.
 */
export type Review = (token: string, domain: string) => Promise<ReviewCallerResponse>;
