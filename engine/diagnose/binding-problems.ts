import type { AccessRoleBinding } from "../model/objects.generated.ts";
import { formatScope } from "../model/scope.ts";
import { organizationOfScope } from "../model/scope-tree.ts";
import type { World } from "../model/world.ts";
import { bindingConditionProblems } from "./condition-problems.ts";
import { missing, type Problem } from "./problem.ts";
import { environmentProblems, workspaceProblems } from "./scope-problems.ts";

export function* bindingProblems(world: World, binding: AccessRoleBinding): Iterable<Problem> {
  yield* roleOfBindingProblems(world, binding);
  yield* scopeOfBindingProblems(world, binding);
  yield* subjectProblems(world, binding);
  yield* bindingConditionProblems(binding);
}

function* roleOfBindingProblems(world: World, { spec }: AccessRoleBinding): Iterable<Problem> {
  const role = world.live("AccessRole", spec.role);
  if (role === undefined) {
    yield missing("spec.role", "AccessRole", spec.role);
    return;
  }
  const { assignableAt, organization } = role.spec;
  if (!assignableAt.includes(spec.scope.kind)) {
    const message = `AccessRole "${spec.role}" may be assigned at ${assignableAt.join(", ")}, not at ${spec.scope.kind}`;
    yield { reason: "NotAssignable", path: "spec.role", message };
  }
  if (organization !== undefined && organizationOfScope(world, spec.scope) !== organization) {
    const message = `AccessRole "${spec.role}" belongs to Organization "${organization}" and may be bound only there`;
    yield { reason: "OtherOrganization", path: "spec.role", message };
  }
}

function* scopeOfBindingProblems(world: World, { spec }: AccessRoleBinding): Iterable<Problem> {
  const { kind, name = "" } = spec.scope;
  if (kind === "Platform") return;
  const scope = world.live(kind, name);
  if (scope === undefined) {
    yield missing("spec.scope", kind, name);
    return;
  }
  if (scope.kind === "Organization") return;
  const problems =
    scope.kind === "Workspace" ? workspaceProblems(world, scope) : environmentProblems(world, scope);
  for (const { reason, message } of problems) {
    yield {
      reason,
      path: "spec.scope",
      message: `${formatScope(kind, name)} is not part of the tree: ${message}`,
    };
  }
}

function* subjectProblems(world: World, { spec }: AccessRoleBinding): Iterable<Problem> {
  for (const [index, { kind, name }] of spec.subjects.entries()) {
    if (kind !== "AccessGroup") continue;
    const path = `spec.subjects[${index}]`;
    const group = world.live("AccessGroup", name);
    const owner = group?.spec.organization;
    if (group === undefined) yield missing(path, "AccessGroup", name);
    else if (owner !== undefined && organizationOfScope(world, spec.scope) !== owner) {
      const message = `AccessGroup "${name}" belongs to Organization "${owner}" and may be bound only there`;
      yield { reason: "OtherOrganization", path, message };
    }
  }
}
