import { findActiveRoles } from "../decide/active-roles.ts";
import type { DecisionRequest } from "../decide/request.ts";
import { resolveScope } from "../decide/resolve-scope.ts";
import { untilLoaded } from "../policy/organizations.ts";
import type { Policy } from "../policy/policy.ts";
import { candidates } from "./candidates.ts";
import { Sources } from "./sources.ts";
import { type HoldingSubject, SubjectJudge } from "./subject-judge.ts";

/** What is asked, and where. */
export type SubjectsRequest = Omit<DecisionRequest, "subjectKind" | "subjectName" | "groups" | "token">;

/**
 * Who has a permission at a scope (semantics, section 11), by kind and name. Yields undefined now and then on the way, so
 * that the caller may let others in.
 *
 * @param request well-formed
 * @param now milliseconds since 1970
 * @param after the key after which to go on; empty: from the start
 */
export function* listSubjects(
  policy: Policy,
  request: SubjectsRequest,
  now: number,
  after = "",
): Generator<HoldingSubject | undefined> {
  const { catalog } = policy.model;
  const scope = resolveScope(policy, request.scope);
  const permission = catalog.find(request.permission);
  const active = findActiveRoles(policy, request.activeRoles);
  if (request.stale || scope === undefined || permission === undefined || typeof active === "string") return;
  if (catalog.levelOf(permission) !== scope.level || scope.grants.suspended) return;
  const sources = new Sources(policy, scope, permission, now);
  const judge = new SubjectJudge(policy, scope, permission, active, now);
  for (const key of candidates(policy, scope, sources, after, now))
    yield key === undefined ? undefined : yield* untilLoaded(policy.organizations, () => judge.judge(key));
}
