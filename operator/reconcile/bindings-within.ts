import type { AccessRoleBinding } from "../../engine/model/objects.generated.ts";
import { type ObjectKey, objectKey } from "../../engine/model/references.ts";
import type { World } from "../../engine/model/world.ts";

/**
 * The bindings at an organization or below that are not marked for deletion, also where the scope itself is marked or its
 * organization is missing.
 */
export function* bindingsWithin(world: World, organization: string): Iterable<AccessRoleBinding> {
  for (const scope of scopesWithin(world, organization)) yield* world.referring("AccessRoleBinding", scope);
}

/** The keys of an organization and of the workspaces and environments below it, those marked for deletion included. */
export function scopesWithin(world: World, organization: string): Iterable<ObjectKey> {
  const scopes = new Set([objectKey("Organization", organization)]);
  for (const scope of scopes) {
    for (const kind of ["Workspace", "Environment"] as const) {
      for (const { metadata } of world.referrers(scope, kind)) scopes.add(objectKey(kind, metadata.name));
    }
  }
  return scopes;
}
