import type { Environment, Membership, Workspace } from "../model/objects.generated.ts";
import { countingMembership } from "../model/scope-tree.ts";
import type { World } from "../model/world.ts";
import { missing, type Problem } from "./problem.ts";

export function* workspaceProblems(world: World, { spec }: Workspace): Iterable<Problem> {
  if (!world.live("Organization", spec.organization)) {
    yield missing("spec.organization", "Organization", spec.organization);
  }
}

export function* environmentProblems(world: World, { spec }: Environment): Iterable<Problem> {
  if (spec.organization !== undefined && !world.live("Organization", spec.organization)) {
    yield missing("spec.organization", "Organization", spec.organization);
  }
  if (spec.workspace === undefined) return;
  const workspace = world.live("Workspace", spec.workspace);
  if (workspace === undefined) yield missing("spec.workspace", "Workspace", spec.workspace);
  else if (!world.live("Organization", workspace.spec.organization)) {
    const message = `Workspace "${spec.workspace}" is in Organization "${workspace.spec.organization}", which does not exist`;
    yield { reason: "ReferenceNotFound", path: "spec.workspace", message };
  }
}

export function* membershipProblems(world: World, membership: Membership): Iterable<Problem> {
  const { organization } = membership.spec;
  if (!world.live("Organization", organization))
    yield missing("spec.organization", "Organization", organization);
  const counting = countingMembership(world, membership);
  if (counting !== undefined && counting.metadata.name !== membership.metadata.name) {
    const message = `Membership "${counting.metadata.name}" is of the same subject and organization and counts; delete this one`;
    yield { reason: "DuplicateMembership", path: "spec.subject", message };
  }
}
