import { CheckRequest } from "../proto/generated/decision.js";
import * as plan from "./world-plan.ts";

/** What is asked. */
export interface Question {
  readonly user: string;
  /** Groups of the identity provider. */
  readonly groups: readonly string[];
  readonly permission: string;
  readonly scope: string;
}

/** Something that each environment role may do. */
const permissions: Readonly<Record<string, string>> = {
  engineer: "connections:manage",
  support: "logs:retry",
  observer: "logs:view",
};

/**
 * The questions to a generated domain whose right answer is allow, or deny. Numbered, they take turns over the organizations,
 * and within these over all members that have all their bindings. One in eight names three groups of the identity provider.
 */
export function planQuestion(size: plan.WorldSize, number: number, allowed: boolean): Question {
  const organization = number % size.organizations;
  // Spread by a multiplicative hash, so that neither the kind of question nor the member goes in step with anything.
  const hash = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  const complete = Math.floor(plan.memberBindings(size) / plan.BINDINGS_PER_MEMBER);
  const member = (Math.floor(number / size.organizations) * 7919) % complete;
  const kind = hash >>> 29;
  return allowed
    ? allowedQuestion(organization, member, kind)
    : deniedQuestion(size, organization, member, kind);
}

/** The same as an encoded CheckRequest. */
export function planRequest(size: plan.WorldSize, number: number, allowed: boolean): Buffer {
  const { user, groups, permission, scope } = planQuestion(size, number, allowed);
  const subject = { kind: "User", name: user, groups: [...groups] };
  return CheckRequest.encode({ subject, permission, scope }).finish();
}

function allowedQuestion(organization: number, member: number, kind: number): Question {
  const user = plan.userName(organization, member);
  const at = (environment: number) => environmentScope(organization, environment);
  const team = plan.teamOf(member);
  if (kind === 0) {
    return {
      user,
      groups: [],
      permission: "vpn-configurations:view",
      scope: organizationScope(organization),
    };
  }
  // Whoever has another role there has no second one: environment roles exclude each other.
  const isFree = (environment: number) =>
    !plan.hasOwnRoleAt(member, environment) && !plan.isOfTeam(team, environment);
  if (kind === 1 && isFree(plan.STAFF_ENVIRONMENT)) {
    const groups = ["all-staff", plan.staffName(organization), "on-call"];
    return { user, groups, permission: "alert-rules:manage", scope: at(plan.STAFF_ENVIRONMENT) };
  }
  if (kind === 2 && team !== undefined && !plan.hasOwnRoleAt(member, plan.viewOf(team))) {
    return { user, groups: [], permission: "logs:view", scope: at(plan.viewOf(team)) };
  }
  const own = [1, 2, 3].filter((at) => !plan.isOfTeam(team, plan.environmentOf(member, at)));
  const binding = own[kind % own.length] as number;
  const permission = permissions[plan.roleOf(member, binding)] as string;
  return { user, groups: [], permission, scope: at(plan.environmentOf(member, binding)) };
}

function deniedQuestion(size: plan.WorldSize, organization: number, member: number, kind: number): Question {
  // Members of teams have more than their own bindings; the next one is in none.
  const loner = plan.teamOf(member) === undefined ? member : member + 1;
  const user = plan.userName(organization, loner);
  const groups = kind === 0 ? ["all-staff", "vpn-users", "on-call"] : [];
  if (kind < 2) {
    return { user, groups, permission: "organization:delete", scope: organizationScope(organization) };
  }
  if (kind < 4) {
    const stranger = (organization + 1) % size.organizations;
    const scope = environmentScope(stranger, member % plan.environmentTypes.length);
    return { user, groups, permission: "logs:view", scope };
  }
  if (kind < 6) {
    const elsewhere = (loner + 1) % plan.environmentTypes.length;
    return { user, groups, permission: "logs:view", scope: environmentScope(organization, elsewhere) };
  }
  const binding = [1, 2, 3].find((at) => plan.roleOf(loner, at) === "observer") as number;
  const scope = environmentScope(organization, plan.environmentOf(loner, binding));
  return { user, groups, permission: "connections:manage", scope };
}

const organizationScope = (organization: number): string =>
  `organization/${plan.organizationName(organization)}`;
const environmentScope = (organization: number, environment: number): string =>
  `environment/${plan.environmentName(organization, environment)}`;
