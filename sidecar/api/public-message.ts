import type { SidegateError } from "../../engine/errors/sidegate-error.ts";

/** What the caller is told: what is wrong and what to do about it. */
export function publicMessage(error: SidegateError): string {
  return `${error.message}. ${error.remedy}`;
}
