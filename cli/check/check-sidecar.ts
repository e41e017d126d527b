import type { Check, Decision } from "../../client/check.ts";
import { SidegateClient } from "../../client/sidegate-client.ts";
import { toSidegateError } from "../asking/client-error.ts";
import { type Asker, formatAsker } from "../asking/read-asker.ts";
import { sidecarQuestion } from "../asking/sidecar-question.ts";
import type { CheckOptions } from "../command-options.ts";
import type { CheckOutcome } from "./check-outcome.ts";

/** Asks a running sidecar. @throws SidegateError when there is no decision */
export async function checkSidecar(
  permission: string,
  asker: Asker,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const { address, timeout, scope, domain, minPosition } = options;
  const client = new SidegateClient({ address, deadlineMs: timeout });
  try {
    const check: Check = {
      ...sidecarQuestion(asker),
      permission,
      scope,
      explain: true,
      ...(domain !== undefined && { domain }),
      ...(minPosition && { minPosition }),
    };
    const decision = await client.check(check, { signal });
    return toOutcome(permission, scope, asker, decision);
  } catch (error) {
    throw toSidegateError(error, address);
  } finally {
    client.close();
  }
}

function toOutcome(permission: string, scope: string, asker: Asker, decision: Decision): CheckOutcome {
  const { allowed, reason, disclosure, publicReason, level, revision, explanation } = decision;
  return {
    decision: allowed ? "allow" : "deny",
    allowed,
    subject: formatAsker(asker),
    permission,
    scope,
    reason,
    ...(disclosure && { disclosure }),
    ...(!allowed && publicReason && { publicReason }),
    ...(level && { level }),
    revision,
    ...(explanation && { grant: explanation }),
  };
}
