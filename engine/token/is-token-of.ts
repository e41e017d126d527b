import type { TokenEvidence } from "./token-evidence.ts";

/** Whether a token is valid and stands for whom the request names, if it names anyone (semantics, section 7). */
export function isTokenOf(
  token: TokenEvidence,
  named: { readonly subjectKind: string; readonly subjectName: string },
): boolean {
  if (!token.valid) return false;
  if (named.subjectKind === "" && named.subjectName === "") return true;
  return named.subjectKind === "User" && named.subjectName === token.subject;
}
