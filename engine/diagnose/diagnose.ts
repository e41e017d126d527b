import type { SidegateObject } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import { bindingProblems } from "./binding-problems.ts";
import { catalogProblems } from "./catalog-problems.ts";
import { constraintProblems } from "./constraint-problems.ts";
import { domainProblems } from "./domain-problems.ts";
import { groupProblems } from "./group-problems.ts";
import type { deletionReasons, Problem, ProblemReason } from "./problem.ts";
import { roleProblems } from "./role-problems.ts";
import { environmentProblems, membershipProblems, workspaceProblems } from "./scope-problems.ts";
import { tokenPolicyProblems } from "./token-policy-problems.ts";

/** Whether an object works as it is written: what its Accepted condition says. */
export interface Verdict {
  readonly accepted: boolean;
  readonly reason: "Accepted" | ProblemReason | keyof typeof deletionReasons;
  /** Sentences for people, at most 1,024 characters. */
  readonly message: string;
}

const MAX_MESSAGE = 1024;

/** Everything that keeps an object, or a part of it, from working in its domain. */
export function findProblems(world: World, object: SidegateObject): Problem[] {
  switch (object.kind) {
    case "AccessDomain":
      return [...domainProblems(world, object)];
    case "PermissionCatalog":
      return [...catalogProblems(world, object)];
    case "Workspace":
      return [...workspaceProblems(world, object)];
    case "Environment":
      return [...environmentProblems(world, object)];
    case "Membership":
      return [...membershipProblems(world, object)];
    case "AccessGroup":
      return [...groupProblems(world, object)];
    case "AccessRole":
      return [...roleProblems(world, object)];
    case "AccessRoleBinding":
      return [...bindingProblems(world, object)];
    case "AccessConstraint":
      return [...constraintProblems(world, object)];
    case "TokenPolicy":
      return [...tokenPolicyProblems(world, object)];
    case "Organization":
      return [];
  }
}

/** Folds the problems of an object into one verdict. */
export function diagnose(world: World, object: SidegateObject): Verdict {
  const [first, ...others] = findProblems(world, object);
  if (first === undefined) return { accepted: true, reason: "Accepted", message: "Part of the policy" };
  const sentences = [first, ...others].map(({ path, message }) => `${path}: ${message}`).join("; ");
  const message = sentences.length > MAX_MESSAGE ? `${sentences.slice(0, MAX_MESSAGE - 3)}...` : sentences;
  return { accepted: false, reason: first.reason, message };
}
