import { CheckRequest } from "../proto/generated/decision.js";
import * as plan from "./world-plan.ts";

/** An encoded CheckRequest, and the right answer. */
export interface PlannedRequest {
  readonly bytes: Buffer;
  readonly allowed: boolean;
}

interface Question {
  readonly member: number;
  readonly permission: string;
  readonly scope: string;
  readonly groups?: readonly string[];
}

/** Something that each environment role may do. */
const permissions: Readonly<Record<string, string>> = {
  engineer: "connections:manage",
  support: "logs:retry",
  observer: "logs:view",
};

/**
 * The requests of a generated domain, numbered: they take turns over the organizations, and within these over all members
 * that have all their bindings. A quarter of them name three groups of the identity provider.
 */
export function planRequest(size: plan.WorldSize, number: number, allowed: boolean): PlannedRequest {
  const organization = number % size.organizations;
  // Spread by a multiplicative hash, so that neither the kind of question nor the member goes in step with anything.
  const hash = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  const complete = Math.floor(plan.memberBindings(size) / plan.BINDINGS_PER_MEMBER);
  const member = (Math.floor(number / size.organizations) * 7919) % complete;
  const kind = hash >>> 29;
  const question = allowed
    ? allowedQuestion(organization, member, kind)
    : deniedQuestion(size, organization, member, kind);
  const groups = question.groups ?? (((hash >>> 20) & 3) === 0 ? ["all-staff", "vpn-users", "on-call"] : []);
  const { permission, scope } = question;
  const subject = { kind: "User", name: plan.userName(organization, question.member), groups: [...groups] };
  return { bytes: CheckRequest.encode({ subject, permission, scope }).finish(), allowed };
}

function allowedQuestion(organization: number, member: number, kind: number): Question {
  const team = plan.teamOf(member);
  if (kind === 0) {
    return { member, permission: "vpn-configurations:view", scope: organizationScope(organization) };
  }
  if (kind === 1) {
    const groups = ["all-staff", plan.staffName(organization), "on-call"];
    const scope = environmentScope(organization, plan.STAFF_ENVIRONMENT);
    return { member, permission: "alert-rules:manage", scope, groups };
  }
  if (kind === 2 && team !== undefined) {
    return { member, permission: "logs:view", scope: environmentScope(organization, plan.viewOf(team)) };
  }
  const binding = 1 + (kind % 3);
  return {
    member,
    permission: permissions[plan.roleOf(member, binding)] as string,
    scope: environmentScope(organization, plan.environmentOf(member, binding)),
  };
}

function deniedQuestion(size: plan.WorldSize, organization: number, member: number, kind: number): Question {
  // Teams have more than their members' own bindings; and the first member is the owner, who may do everything.
  const loner = plan.teamOf(member) === undefined ? member : member + 1;
  if (kind < 2)
    return { member: loner, permission: "audit-events:review", scope: organizationScope(organization) };
  if (kind < 4) {
    const other = environmentScope(
      (organization + 1) % size.organizations,
      member % plan.environmentTypes.length,
    );
    return { member: loner, permission: "logs:view", scope: other };
  }
  if (kind < 6) {
    const elsewhere = (loner + 1) % plan.environmentTypes.length;
    return { member: loner, permission: "logs:view", scope: environmentScope(organization, elsewhere) };
  }
  const binding = [1, 2, 3].find((at) => plan.roleOf(loner, at) === "observer") as number;
  const scope = environmentScope(organization, plan.environmentOf(loner, binding));
  return { member: loner, permission: "connections:manage", scope };
}

const organizationScope = (organization: number): string =>
  `organization/${plan.organizationName(organization)}`;
const environmentScope = (organization: number, environment: number): string =>
  `environment/${plan.environmentName(organization, environment)}`;
