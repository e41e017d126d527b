import type { AccessRoleBinding, Membership, SidegateObject } from "../../engine/model/objects.generated.ts";
import { defaultName } from "../oracle/default-name.ts";
import { type Existing, existing } from "../oracle/existing.ts";

/**
 * Section 9 for the oracle, sentence by sentence: the objects with the default bindings that a folder source gives. "At each
 * load every pair has its default [...], and a binding in the folder with the default's name replaces it."
 */
export function giveDefaults(objects: readonly SidegateObject[]): SidegateObject[] {
  const world = existing(objects);
  const defaults = world.memberships
    .filter((membership) => counts(world, membership))
    .flatMap((m) => defaultsOf(world, m));
  const isReplaced = ({ metadata }: AccessRoleBinding) =>
    objects.some((object) => object.kind === "AccessRoleBinding" && object.metadata.name === metadata.name);
  // "An entry that names something missing is inert": a role that is marked and that no binding names is missing.
  const isThere = ({ spec }: AccessRoleBinding) =>
    world.roles.some(({ metadata }) => metadata.name === spec.role);
  return [...objects, ...defaults.filter((binding) => isThere(binding) && !isReplaced(binding))];
}

/** "One per subject and organization; of more, the first by name counts." */
function counts(world: Existing, { metadata, spec }: Membership): boolean {
  return (
    world.organizations.some((organization) => organization.metadata.name === spec.organization) &&
    !world.memberships.some(
      (other) =>
        other.spec.organization === spec.organization &&
        other.spec.subject.kind === spec.subject.kind &&
        other.spec.subject.name === spec.subject.name &&
        other.metadata.name < metadata.name,
    )
  );
}

/**
 * "The entry without `environmentTypes` (at most one) is given at the organization, an entry with them at environments of
 * these types, in workspaces too (no type in two entries; of more the first counts)."
 */
function defaultsOf(world: Existing, membership: Membership): AccessRoleBinding[] {
  const { organization } = membership.spec;
  const entries = world.settings?.spec.defaultRoles ?? [];
  const atOrganization = entries.find(({ environmentTypes }) => environmentTypes === undefined);
  const workspaces = world.workspaces.filter(({ spec }) => spec.organization === organization);
  const environments = world.environments.filter(
    ({ spec }) =>
      spec.organization === organization ||
      workspaces.some(({ metadata }) => metadata.name === spec.workspace),
  );
  return [
    ...(atOrganization ? [bind(membership, atOrganization.role, "Organization", organization)] : []),
    ...environments.flatMap(({ metadata, spec }) => {
      const entry = entries.find(({ environmentTypes }) =>
        environmentTypes?.some((type) => type === spec.type),
      );
      return entry ? [bind(membership, entry.role, "Environment", metadata.name)] : [];
    }),
  ];
}

/** "As a binding owned by the Membership, with its `expiresAt`." */
function bind(
  { metadata, spec: { subject, expiresAt } }: Membership,
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
    metadata: { name: defaultName(metadata.name, kind, name), ownerReferences: [owner] },
    spec: {
      role,
      subjects: [{ kind: subject.kind, name: subject.name }],
      scope: { kind, name },
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
  };
}
