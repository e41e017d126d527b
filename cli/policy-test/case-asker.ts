import type { DecisionRequest } from "../../engine/decide/request.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { CaseRequest } from "../cases/case-world.ts";

/** Makes a decision request of a case's. A token is verified as a sidecar does. */
export type ToRequest = (policy: Policy, request: CaseRequest, now: number) => Promise<DecisionRequest>;

/** "User:ada", or that a token says who asks. */
export function describeAsker({ subjectKind, subjectName, token }: CaseRequest): string {
  if (subjectName === "" && token !== undefined) return "whom the token names";
  return `${subjectKind}:${subjectName}`;
}
