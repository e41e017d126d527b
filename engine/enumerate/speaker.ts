import { findMalformed } from "../decide/request.ts";
import { AUTHENTICATED } from "../model/subject.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";

/**
 * Who may ask in the name of a subject or as one in a group: any caller; who bears a token of the policy; the operator alone,
 * for users and groups of Kubernetes; or nobody, because no check may bear the name.
 */
export type Speaker = "Caller" | "Bearer" | "Operator" | "Nobody";

export function speakerFor(
  model: LoadedModel,
  kind: "User" | "ServiceAccount" | "Group",
  name: string,
): Speaker {
  if (name.startsWith(KUBERNETES)) return "Operator";
  if (kind !== "Group") return isSound({ ...probe, subjectKind: kind, subjectName: name });
  if (name === AUTHENTICATED) return "Caller";
  if (name.startsWith(TOKEN)) {
    const policy = name.slice(TOKEN.length);
    return model.tokenPolicies.some((known) => known.name === policy) ? "Bearer" : "Nobody";
  }
  return isSound({ ...probe, groups: [name] });
}

const KUBERNETES = "k8s:";
const TOKEN = "token:";

const probe = {
  subjectKind: "User",
  subjectName: "somebody",
  groups: [] as readonly string[],
  permission: "type:verb",
  scope: "platform",
  resourceName: "",
  activeRoles: [],
};

function isSound(request: typeof probe): Speaker {
  return findMalformed(request) === undefined ? "Caller" : "Nobody";
}
