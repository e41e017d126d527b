import { decide } from "../../engine/decide/decide.ts";
import { explainGrant } from "../../engine/decide/explain-grant.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { levelName } from "../../engine/model/scope.ts";
import { folderRequest } from "../asking/folder-request.ts";
import { type Asker, formatAsker } from "../asking/read-asker.ts";
import type { CheckOptions } from "../command-options.ts";
import { openDomain } from "../folder/open-domain.ts";
import type { CheckOutcome } from "./check-outcome.ts";

/**
 * Decides by a folder of manifests in this process, with the engine that the sidecar has.
 *
 * @param now milliseconds since 1970
 * @throws SidegateError SG5005 for a broken folder, SG5006 for a domain that it lacks, SG3001 for a malformed question
 */
export async function checkInFolder(
  folder: string,
  permission: string,
  asker: Asker,
  { scope, domain }: Pick<CheckOptions, "scope" | "domain">,
  now: number,
): Promise<CheckOutcome> {
  const { policy } = await openDomain(folder, domain);
  const request = await folderRequest(policy, asker, { permission, scope }, now);
  const { outcome, disclosure, level, detail } = decide(policy, request, now);
  if (outcome === "InvalidRequest") throw new SidegateError("SG3001", detail);
  const allowed = outcome === "Allowed";
  const grant = explainGrant(policy, request, now);
  return {
    decision: allowed ? "allow" : "deny",
    allowed,
    subject: request.token?.valid ? `User:${request.token.subject}` : formatAsker(asker),
    permission,
    scope,
    reason: outcome,
    ...(outcome === "InvalidToken" && { detail: whatIsWrong(request) }),
    ...(disclosure !== "None" && { disclosure }),
    ...(disclosure === "Forbidden" && { publicReason: outcome }),
    ...(level !== 0 && { level: levelName(level) }),
    revision: policy.revision,
    ...((allowed || outcome === "ExplicitDeny") && grant && { grant }),
  };
}

/** Tokens that are valid may be so for somebody else. */
function whatIsWrong({ token }: DecisionRequest): string {
  return token?.valid === false
    ? token.detail
    : "the token stands for another subject than the request names";
}
