import { hasLevel } from "../model/scope.ts";
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
  return (
    fitsAt(model, grants, grants.scopeOf(grant), role) && (owner === "" || owner === grants.organization)
  );
}

/** The part of it that does not hang on who is given the role. @param scope a row of `grants` */
export function fitsAt({ roles }: LoadedModel, grants: LoadedGrants, scope: number, role: number): boolean {
  if (!hasLevel(roles.assignable[role]!, grants.levelOf(scope))) return false;
  const owner = roles.organizations[role]!;
  return owner === "" || owner === grants.organization;
}
