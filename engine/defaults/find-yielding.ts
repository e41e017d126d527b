import { expandGroups } from "../decide/expand-groups.ts";
import { KeySet } from "../decide/key-set.ts";
import { Precedences } from "../decide/precedence.ts";
import { hypotheticalGrant, type StandingGrant } from "../decide/standing-grant.ts";
import { gatherCandidatesIn } from "../decide/standing-grants.ts";
import type { AccessRoleBinding } from "../model/objects.generated.ts";
import { Level } from "../model/scope.ts";
import { scopeNodeKey } from "../model/scope-tree.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";

/** What a default binding yields to. */
export interface Yielding {
  readonly constraint: string;
  /** The binding that comes first; the default itself where its role alone carries too many. */
  readonly binding: string;
}

/**
 * Which of a Membership's default bindings yield to other bindings (semantics, section 9), by their names: they are not to
 * be given, or to be taken away again.
 *
 * @param defaults default bindings of one subject in one organization, given or not
 * @param now milliseconds since 1970
 */
export function findYielding(
  policy: Policy,
  organization: string,
  defaults: readonly AccessRoleBinding[],
  now: number,
): ReadonlyMap<string, Yielding> {
  const { model } = policy;
  const found = new Map<string, Yielding>();
  const grants = policy.organizations.get(organization);
  const subject = defaults[0]?.spec.subjects[0];
  if (grants === undefined || subject === undefined || model.constraints.voiding.length === 0) return found;
  const keys = new KeySet();
  keys.start(SubjectDigit[subject.kind].charCodeAt(0), subject.name);
  expandGroups(policy, keys, now);
  const isConstrained = (role: number) => model.constraints.setsOf(role) !== 0;
  const candidates = gatherCandidatesIn(policy, keys, grants, now, isConstrained);
  const precedences = new Precedences(model, candidates);
  for (const binding of defaults) {
    const own = grantOf(policy, grants, binding);
    const precedence = own && precedences.find(own);
    if (precedence === undefined) continue;
    const { constraint, by } = precedence;
    found.set(binding.metadata.name, {
      constraint: constraint.name,
      binding: by === undefined ? binding.metadata.name : by.grants.bindingName(by.grant),
    });
  }
  return found;
}

/** The grant that a default binding makes or would make. */
function grantOf(
  { model }: Policy,
  grants: LoadedGrants,
  { spec }: AccessRoleBinding,
): StandingGrant | undefined {
  const role = model.roleRows.get(spec.role);
  const scope = grants.scopes.findText(scopeNodeKey(Level[spec.scope.kind], spec.scope.name ?? ""));
  if (role === undefined || scope < 0) return undefined;
  return hypotheticalGrant(grants, scope, role, true);
}
