import * as plan from "./world-plan.ts";

/** A member of no team, with a role of its own at one environment and none at another. */
export interface PlannedMember {
  readonly organization: number;
  readonly user: string;
  /** Where the member is an engineer. */
  readonly workplace: string;
  /** Where the member has no role. */
  readonly elsewhere: string;
  /** An owner of the organization. */
  readonly owner: string;
}

/** Numbered, they take turns over the organizations, and within these over the members that have all their bindings. */
export function planEngineer(size: plan.WorldSize, number: number): PlannedMember {
  const organization = number % size.organizations;
  const complete = Math.floor(plan.memberBindings(size) / plan.BINDINGS_PER_MEMBER) - 1;
  const any = (Math.floor(number / size.organizations) * 7919) % complete;
  const member = plan.teamOf(any) === undefined ? any : any + 1;
  const binding = [1, 2, 3].find((at) => plan.roleOf(member, at) === "engineer") as number;
  const scope = (environment: number) => `environment/${plan.environmentName(organization, environment)}`;
  return {
    organization,
    user: plan.userName(organization, member),
    workplace: scope(plan.environmentOf(member, binding)),
    elsewhere: scope((member + 1) % plan.environmentTypes.length),
    owner: plan.userName(organization, 0),
  };
}

/** A question as `decide` takes it, without anything that may be left out. */
export function plainQuestion(user: string, permission: string, scope: string) {
  return {
    subjectKind: "User",
    subjectName: user,
    groups: [],
    permission,
    scope,
    resourceName: "",
    activeRoles: [],
  };
}
