import type { Environment, Membership, Workspace } from "./objects.generated.ts";
import { memberKey, type ObjectKey, objectKey } from "./references.ts";
import { Level, levelName } from "./scope.ts";
import type { World } from "./world.ts";

/** A scope that exists, by the key "<level digit><name>" of compiled policies. */
export interface ScopeNode {
  readonly key: string;
  readonly parent: string;
  /** Of environments. */
  readonly type?: string | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** The key of a scope in compiled policies. */
export function scopeNodeKey(level: Level, name: string): string {
  return `${level}${name}`;
}

/** The key by which bindings refer to a scope. */
export function targetOfScope({ key }: ScopeNode): ObjectKey {
  return objectKey(levelName(Number(key[0]) as Level), key.slice(1));
}

/** The scopes of an organization that exists: itself, its workspaces, and the environments in either. */
export function scopesOf(world: World, organization: string): ScopeNode[] {
  const root = scopeNodeKey(Level.Organization, organization);
  const { attributes } = world.live("Organization", organization)?.spec ?? {};
  const nodes: ScopeNode[] = [{ key: root, parent: root, attributes }];
  const parent = objectKey("Organization", organization);
  for (const workspace of world.referring("Workspace", parent)) {
    const key = scopeNodeKey(Level.Workspace, workspace.metadata.name);
    nodes.push({ key, parent: root, attributes: workspace.spec.attributes });
    const environments = world.referring("Environment", objectKey("Workspace", workspace.metadata.name));
    for (const environment of environments) {
      if (hasOneParent(environment)) nodes.push(environmentNode(environment, key));
    }
  }
  for (const environment of world.referring("Environment", parent)) {
    if (hasOneParent(environment)) nodes.push(environmentNode(environment, root));
  }
  return nodes;
}

/** Whether an environment names one parent, as the schema asks; one that names two, or none, does not exist. */
function hasOneParent({ spec }: Environment): boolean {
  return (spec.organization === undefined) !== (spec.workspace === undefined);
}

function environmentNode({ metadata, spec }: Environment, parent: string): ScopeNode {
  const key = scopeNodeKey(Level.Environment, metadata.name);
  return { key, parent, type: spec.type, attributes: spec.attributes };
}

/** The organization that a workspace lies in, whether it exists or not. */
export function organizationOfWorkspace(workspace: Workspace | undefined): string | undefined {
  return workspace?.spec.organization;
}

/** The organization that an environment lies in, whether it exists or not; undefined if its workspace is missing or it does not name one parent. */
export function organizationOfEnvironment(
  world: World,
  environment: Environment | undefined,
): string | undefined {
  if (environment === undefined || !hasOneParent(environment)) return undefined;
  const { organization, workspace } = environment.spec;
  if (organization !== undefined) return organization;
  return workspace === undefined ? undefined : organizationOfWorkspace(world.live("Workspace", workspace));
}

/** The organization that a scope is or lies in; undefined for Platform and where nothing says. */
export function organizationOfScope(
  world: World,
  scope: { readonly kind: string; readonly name?: string | undefined },
): string | undefined {
  if (scope.name === undefined) return undefined;
  if (scope.kind === "Organization") return scope.name;
  if (scope.kind === "Workspace") return organizationOfWorkspace(world.live("Workspace", scope.name));
  if (scope.kind === "Environment")
    return organizationOfEnvironment(world, world.live("Environment", scope.name));
  return undefined;
}

/** The Membership that counts of those of the same subject and organization: the first by name, even if it is over. */
export function countingMembership(world: World, membership: Membership): Membership | undefined {
  let first: Membership | undefined;
  for (const rival of world.referring("Membership", memberKey(membership.spec))) {
    if (first === undefined || rival.metadata.name < first.metadata.name) first = rival;
  }
  return first;
}

/** The Memberships that count in an organization: of several of one subject the first by name, even if it is over. */
export function membershipsOf(world: World, organization: string): Membership[] {
  const first = new Map<string, Membership>();
  for (const membership of world.referring("Membership", objectKey("Organization", organization))) {
    const { kind, name } = membership.spec.subject;
    const other = first.get(`${kind}/${name}`);
    if (other === undefined || membership.metadata.name < other.metadata.name)
      first.set(`${kind}/${name}`, membership);
  }
  return [...first.values()];
}
