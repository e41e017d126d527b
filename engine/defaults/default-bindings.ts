import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type { AccessRoleBinding, Environment, Membership } from "../model/objects.generated.ts";
import { objectKey } from "../model/references.ts";
import { countingMembership, membershipsOf } from "../model/scope-tree.ts";
import type { World } from "../model/world.ts";
import { defaultBindingName, GIVEN_ROLE } from "./default-name.ts";

/**
 * All default bindings that are due (semantics, section 9): one for each Membership that counts and the organization or
 * environment that a default role is for. What was given before is not asked.
 */
export function defaultBindings(world: World): AccessRoleBinding[] {
  if (domainSettings(world.live("AccessDomain", DOMAIN_NAME)).defaultRoles.length === 0) return [];
  const organizations = [...world.listLive("Organization")];
  return organizations.flatMap(({ metadata }) =>
    membershipsOf(world, metadata.name).flatMap((membership) => bindingsFor(world, membership)),
  );
}

/** The default bindings that are due to one Membership; none if it does not count or its organization is missing. */
export function defaultBindingsOf(world: World, name: string): AccessRoleBinding[] {
  const membership = world.live("Membership", name);
  const organization = membership && world.live("Organization", membership.spec.organization);
  if (membership === undefined || organization === undefined) return [];
  return countingMembership(world, membership) === membership ? bindingsFor(world, membership) : [];
}

function bindingsFor(world: World, membership: Membership): AccessRoleBinding[] {
  const { defaultRoles } = domainSettings(world.live("AccessDomain", DOMAIN_NAME));
  const { organization } = membership.spec;
  const bindings: AccessRoleBinding[] = [];
  const atOrganization = defaultRoles.find((entry) => !isForEnvironments(entry));
  if (atOrganization && !isGone(world, atOrganization.role))
    bindings.push(bind(membership, atOrganization.role, "Organization", organization));
  if (!defaultRoles.some(isForEnvironments)) return bindings;
  for (const environment of environmentsOf(world, organization)) {
    const { type } = environment.spec;
    const entry = type && defaultRoles.find((candidate) => candidate.environmentTypes?.includes(type));
    if (entry && !isGone(world, entry.role))
      bindings.push(bind(membership, entry.role, "Environment", environment.metadata.name));
  }
  return bindings;
}

/** Whether a role is marked for deletion and not in use: a default must not bring it back to life. */
function isGone(world: World, role: string): boolean {
  return world.get("AccessRole", role) !== undefined && world.live("AccessRole", role) === undefined;
}

function isForEnvironments(entry: { readonly environmentTypes?: readonly string[] | undefined }): boolean {
  return (entry.environmentTypes?.length ?? 0) > 0;
}

/** The environments of an organization, those in its workspaces included. */
function* environmentsOf(world: World, organization: string): Iterable<Environment> {
  const parent = objectKey("Organization", organization);
  yield* world.referring("Environment", parent);
  for (const workspace of world.referring("Workspace", parent)) {
    yield* world.referring("Environment", objectKey("Workspace", workspace.metadata.name));
  }
}

function bind(
  { metadata, spec }: Membership,
  role: string,
  kind: "Organization" | "Environment",
  name: string,
): AccessRoleBinding {
  const owner = {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "Membership",
    name: metadata.name,
    uid: metadata.uid ?? "",
  };
  return {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "AccessRoleBinding",
    metadata: {
      name: defaultBindingName(metadata.name, kind, name),
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      annotations: { [GIVEN_ROLE]: role },
      ownerReferences: [owner],
    },
    spec: {
      role,
      subjects: [{ kind: spec.subject.kind, name: spec.subject.name }],
      scope: { kind, name },
      ...(spec.expiresAt === undefined ? {} : { expiresAt: spec.expiresAt }),
      reason: "Default role on joining",
    },
  };
}
