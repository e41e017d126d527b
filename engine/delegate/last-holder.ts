import { Precedences } from "../decide/precedence.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { gatherCandidatesIn } from "../decide/standing-grants.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { LoadedMinimum } from "../policy/loaded-constraints.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import { keysOf, type Target } from "./target.ts";

const USER = SubjectDigit.User.charCodeAt(0);

/** A minimum that would be broken, and how many holders would be left. */
export interface LastHolder {
  readonly minimum: LoadedMinimum;
  readonly left: number;
}

/**
 * The minimum of holders that taking a role from a target would break (semantics, section 6): it counts as a holder now, and
 * fewer than the minimum are left.
 *
 * @param role a row of the model
 * @param now milliseconds since 1970
 */
export function findLastHolder(
  policy: Policy,
  role: number,
  scope: ResolvedScope,
  target: Target,
  now: number,
): LastHolder | undefined {
  if (target.kind !== "User") return undefined;
  const { minimums } = policy.model.constraints;
  const asked = minimums.filter((minimum) => minimum.role === role && minimum.level === scope.level);
  if (asked.length === 0) return undefined;
  const row = scope.grants.subjects.findText(SubjectDigit.User + target.name);
  if (row < 0 || !isHolder(policy, role, scope, row, now)) return undefined;
  const left = countHolders(policy, role, scope, now) - 1;
  const broken = asked.find(({ count }) => left < count);
  return broken && { minimum: broken, left };
}

function countHolders(policy: Policy, role: number, scope: ResolvedScope, now: number): number {
  const { subjects } = scope.grants;
  let count = 0;
  for (let row = 0; row < subjects.size; row++) {
    const isUser = subjects.pool[subjects.start(row)] === USER;
    if (isUser && isHolder(policy, role, scope, row, now)) count++;
  }
  return count;
}

/** Whether a user holds the role at the scope itself for good. */
function isHolder(policy: Policy, role: number, scope: ResolvedScope, subject: number, now: number) {
  const { grants } = scope;
  const { model, platform } = policy;
  const asksMembership = grants !== platform && model.membershipRequired;
  if (asksMembership && grants.memberUntil(subject) !== Infinity) return false;
  for (let grant = grants.firstGrant(subject); grant < grants.endOfGrants(subject); grant++) {
    if (grants.scopeOf(grant) !== scope.row || grants.roleOf(grant, model) !== role) continue;
    const { notBefore, expires } = grants.windowOf(grant);
    const isLasting = notBefore <= now && expires === Infinity && !grants.isConditional(grant);
    if (isLasting && !isYielding(policy, grants, subject, grant, now)) return true;
  }
  return false;
}

/** Whether a grant is a default that yields to another binding, as if it had not been given. */
function isYielding(
  policy: Policy,
  grants: LoadedGrants,
  subject: number,
  grant: number,
  now: number,
): boolean {
  const { constraints } = policy.model;
  if (!grants.isDefault(grant)) return false;
  const keys = keysOf(policy, grants.subjects.text(subject), now);
  const asks = (role: number) => constraints.setsOf(role) !== 0;
  const candidates = gatherCandidatesIn(policy, keys, grants, now, asks);
  const own = candidates.find((other) => other.grants === grants && other.grant === grant);
  return own !== undefined && new Precedences(policy.model, candidates).find(own) !== undefined;
}
