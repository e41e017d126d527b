import { decide } from "../engine/decide/decide.ts";
import { explainGrant } from "../engine/decide/explain-grant.ts";
import type { DecisionRequest } from "../engine/decide/request.ts";
import { SidegateError } from "../engine/errors/sidegate-error.ts";
import { levelName } from "../engine/model/scope.ts";
import type { Policy } from "../engine/policy/policy.ts";
import type { CheckOutcome } from "./check-outcome.ts";
import type { CheckOptions } from "./command-options.ts";
import { compileFolder } from "./compile-folder.ts";
import { DEFAULT_DOMAIN } from "./options.ts";
import { readSoundFolder } from "./read-folder.ts";

/**
 * Decides by a folder of manifests in this process, with the engine that the sidecar has.
 *
 * @param now milliseconds since 1970
 * @throws SidegateError SG5005 for a broken folder, SG5006 for a domain that it lacks, SG3001 for a malformed question
 */
export async function checkInFolder(
  folder: string,
  permission: string,
  options: CheckOptions,
  now: number,
): Promise<CheckOutcome> {
  const { manifests } = await readSoundFolder(folder, DEFAULT_DOMAIN);
  const policy = choose(compileFolder(manifests), folder, options.domain);
  const request = toRequest(permission, options);
  const { outcome, disclosure, level, detail } = decide(policy, request, now);
  if (outcome === "InvalidRequest") throw new SidegateError("SG3001", detail);
  const allowed = outcome === "Allowed";
  const grant = explainGrant(policy, request, now);
  return {
    decision: allowed ? "allow" : "deny",
    allowed,
    subject: `${options.subject.kind}:${options.subject.name}`,
    permission,
    scope: options.scope,
    reason: outcome,
    ...(disclosure !== "None" && { disclosure }),
    ...(disclosure === "Forbidden" && { publicReason: outcome }),
    ...(level !== 0 && { level: levelName(level) }),
    revision: policy.revision,
    ...((allowed || outcome === "ExplicitDeny") && grant && { grant }),
  };
}

function toRequest(
  permission: string,
  { subject, scope, group, resource, role }: CheckOptions,
): DecisionRequest {
  return {
    subjectKind: subject.kind,
    subjectName: subject.name,
    groups: group ?? [],
    permission,
    scope,
    resourceName: resource ?? "",
    activeRoles: role ?? [],
  };
}

function choose(policies: ReadonlyMap<string, Policy>, folder: string, domain: string | undefined): Policy {
  const names = [...policies.keys()].sort();
  const name = domain ?? (names.length === 1 ? names[0] : undefined);
  const policy = name === undefined ? undefined : policies.get(name);
  if (policy !== undefined) return policy;
  const there = names.length === 0 ? "no manifests" : `the domains ${names.join(", ")}`;
  throw new SidegateError(
    "SG5006",
    domain === undefined ? `${folder} has ${there}` : `${folder} has ${there}, but not ${domain}`,
  );
}
