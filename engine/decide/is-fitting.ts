import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";

/**
 * Whether a grant may give its role to a subject or group at all (semantics, 4.1 and the place of groups): the role may
 * be assigned at the level of the scope and belongs there, and so does the group.
 *
 * @param role a row of the model
 * @param owner the organization of the group that is bound; empty: none
 */
export function isFitting(
  model: LoadedModel,
  grants: LoadedGrants,
  grant: number,
  role: number,
  owner: string,
): boolean {
  const { roles } = model;
  const level = grants.levelOf(grants.scopeOf(grant));
  if (((roles.assignable[role]! >>> level) & 1) === 0) return false;
  const roleOwner = roles.organizations[role]!;
  return (
    (roleOwner === "" || roleOwner === grants.organization) && (owner === "" || owner === grants.organization)
  );
}
