import type { ValidToken } from "./token-evidence.ts";

/** Whether a token takes anything away: it has the claim that narrows, or its policy lets none without it do anything. */
export function isNarrowed({ narrowing }: ValidToken): boolean {
  return narrowing !== undefined && (narrowing.isPresent || narrowing.otherwise === "Deny");
}
