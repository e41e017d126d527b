import type { Check } from "../../client/check.ts";
import type { Explained } from "../../client/explain.ts";
import { SidegateClient } from "../../client/sidegate-client.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { explain } from "../../engine/explain/explain.ts";
import { levelName } from "../../engine/model/scope.ts";
import { toSidegateError } from "../asking/client-error.ts";
import { folderRequest } from "../asking/folder-request.ts";
import { type Asker, formatAsker } from "../asking/read-asker.ts";
import { sidecarQuestion } from "../asking/sidecar-question.ts";
import type { CheckOptions } from "../command-options.ts";
import { openDomain } from "../folder/open-domain.ts";

/** An explanation, as it is printed. */
export interface ExplainOutcome extends Omit<Explained, "decision"> {
  readonly decision: "allow" | "deny";
  readonly allowed: boolean;
  /** "User:ada" */
  readonly subject: string;
  readonly permission: string;
  readonly scope: string;
  readonly reason: string;
  /** With WrongLevel: where the permission's type lives. */
  readonly level?: string;
  readonly revision: string;
}

/**
 * Explains by a folder of manifests in this process.
 *
 * @param now milliseconds since 1970
 * @throws SidegateError SG5005 for a broken folder, SG5006 for a domain that it lacks, SG3001 for a malformed question
 */
export async function explainInFolder(
  folder: string,
  permission: string,
  asker: Asker,
  { scope, domain }: Pick<CheckOptions, "scope" | "domain">,
  now: number,
): Promise<ExplainOutcome> {
  const { policy } = await openDomain(folder, domain);
  const request = await folderRequest(policy, asker, { permission, scope }, now);
  const { decision, token, conflict, grants, nearestMisses } = explain(policy, request, now);
  if (decision.outcome === "InvalidRequest") throw new SidegateError("SG3001", decision.detail);
  const allowed = decision.outcome === "Allowed";
  const subject = request.token?.valid ? `User:${request.token.subject}` : formatAsker(asker);
  return {
    ...head(allowed, subject, permission, scope),
    reason: decision.outcome,
    ...(decision.level !== 0 && { level: levelName(decision.level) }),
    revision: policy.revision,
    token,
    conflict,
    grants,
    nearestMisses,
  };
}

/** Asks a running sidecar. @throws SidegateError when there is no answer */
export async function explainBySidecar(
  permission: string,
  asker: Asker,
  { address, timeout, scope, domain, minPosition }: CheckOptions,
  signal: AbortSignal,
): Promise<ExplainOutcome> {
  const client = new SidegateClient({ address, deadlineMs: timeout });
  const check: Check = {
    ...sidecarQuestion(asker),
    permission,
    scope,
    ...(domain !== undefined && { domain }),
    ...(minPosition && { minPosition }),
  };
  try {
    const { decision, token, conflict, grants, nearestMisses } = await client.explain(check, { signal });
    const { allowed, reason, level, revision } = decision;
    return {
      ...head(allowed, formatAsker(asker), permission, scope),
      reason,
      ...(level && { level }),
      revision,
      token,
      conflict,
      grants,
      nearestMisses,
    };
  } catch (error) {
    throw toSidegateError(error, address);
  } finally {
    client.close();
  }
}

function head(allowed: boolean, subject: string, permission: string, scope: string) {
  return { decision: allowed ? ("allow" as const) : ("deny" as const), allowed, subject, permission, scope };
}
