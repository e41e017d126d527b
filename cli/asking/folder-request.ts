import { pino } from "pino";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { JsonObject } from "../../engine/model/json.ts";
import { limits } from "../../engine/model/limits.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { Struct } from "../../proto/generated/decision.js";
import { toStruct } from "../../proto/struct.ts";
import { TokenVerifier } from "../../sidecar/token/token-verifier.ts";
import type { Asker } from "./read-asker.ts";

/**
 * The question for a policy in this process, its token verified and its facts bounded as a sidecar does.
 *
 * @param now milliseconds since 1970
 * @throws SidegateError SG3001 for facts over the limit
 */
export async function folderRequest(
  policy: Policy,
  asker: Asker,
  question: { readonly permission: string; readonly scope: string },
  now: number,
): Promise<DecisionRequest> {
  const { subject, group, subjectAttribute, resource, resourceAttribute, context, role, token } = asker;
  requireSmall("subject.attributes", subjectAttribute);
  requireSmall("resource.attributes", resourceAttribute);
  requireSmall("context", context);
  return {
    subjectKind: subject?.kind ?? "",
    subjectName: subject?.name ?? "",
    groups: group ?? [],
    ...question,
    resourceName: resource ?? "",
    activeRoles: role ?? [],
    subjectAttributes: subjectAttribute,
    resourceAttributes: resourceAttribute,
    context,
    token: token === undefined ? undefined : await verify(policy, token, now),
  };
}

function verify(policy: Policy, token: string, now: number) {
  return new TokenVerifier(pino({ level: "silent" })).verify(policy.model.tokenPolicies, token, now);
}

function requireSmall(field: string, facts: JsonObject | undefined): void {
  const bytes = facts === undefined ? 0 : Struct.encode(toStruct(facts)).finish().length;
  if (bytes <= limits.attributeBytes) return;
  throw new SidegateError(
    "SG3001",
    `${field} has ${bytes} bytes; at most ${limits.attributeBytes} are allowed`,
  );
}
