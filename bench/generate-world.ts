import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import {
  type AccessRoleBinding,
  apiVersion,
  type Kind,
  type ObjectOf,
  type SidegateObject,
} from "../engine/model/objects.generated.ts";
import * as plan from "./world-plan.ts";

type Subject = AccessRoleBinding["spec"]["subjects"][number];

/** The objects of a generated domain: the catalogs, roles and constraints of presets/redox, and organizations as planned. */
export function* generateWorld(size: plan.WorldSize): Generator<SidegateObject> {
  yield* generateModel();
  for (let number = 0; number < size.organizations; number++) yield* generateOrganization(size, number);
}

/** What all organizations share. Without default roles, so that there are as many bindings as were asked for. */
export function* generateModel(): Generator<SidegateObject> {
  yield build("AccessDomain", "default", { membership: "Required", staleness: { maxSeconds: 3600 } });
  for (const file of ["catalog", "organization-roles", "environment-roles", "constraints"]) {
    const path = join(import.meta.dirname, "../presets/redox", `${file}.yaml`);
    for (const document of parseAllDocuments(readFileSync(path, "utf8"))) {
      const object: SidegateObject = document.toJS();
      yield { ...object, metadata: { ...object.metadata, namespace: plan.DOMAIN } };
    }
  }
}

/** One organization with all that lies in it. */
export function* generateOrganization(size: plan.WorldSize, number: number): Generator<SidegateObject> {
  const organization = plan.organizationName(number);
  yield build("Organization", organization, { displayName: `Organization ${number}` });
  for (const [environment, type] of plan.environmentTypes.entries()) {
    yield build("Environment", plan.environmentName(number, environment), { organization, type });
  }
  for (let member = 0; member < plan.members(size); member++) {
    const subject = { kind: "User", name: plan.userName(number, member) } as const;
    yield build("Membership", `${organization}-${member}`, { organization, subject });
  }
  for (let at = 0; at < plan.memberBindings(size); at++) {
    const member = Math.floor(at / plan.BINDINGS_PER_MEMBER);
    yield memberBinding(number, member, at % plan.BINDINGS_PER_MEMBER);
  }
  for (let team = 0; team < plan.TEAMS; team++) yield* generateTeam(size, number, team);
  const staff = { kind: "Group", name: plan.staffName(number) } as const;
  yield groupBinding(number, plan.staffName(number), "support", staff, plan.STAFF_ENVIRONMENT);
}

/** The binding of a member, for the member or, to change it, for somebody else. */
export function memberBinding(
  organization: number,
  member: number,
  binding: number,
  user = plan.userName(organization, member),
): AccessRoleBinding {
  const isAtOrganization = binding === 0;
  return build("AccessRoleBinding", plan.bindingName(organization, member, binding), {
    role: plan.roleOf(member, binding),
    subjects: [{ kind: "User", name: user }],
    scope: isAtOrganization
      ? { kind: "Organization", name: plan.organizationName(organization) }
      : environmentScope(organization, plan.environmentOf(member, binding)),
  });
}

function* generateTeam(size: plan.WorldSize, organization: number, team: number): Generator<SidegateObject> {
  const name = plan.teamName(organization, team);
  const members: { kind: "User"; name: string }[] = [];
  for (let member = 0; member < plan.members(size); member++) {
    if (plan.teamOf(member) === team)
      members.push({ kind: "User", name: plan.userName(organization, member) });
  }
  yield build("AccessGroup", name, { members, organization: plan.organizationName(organization) });
  const subject = { kind: "AccessGroup", name } as const;
  yield groupBinding(organization, `${name}-work`, "engineer", subject, plan.workplaceOf(team));
  yield groupBinding(organization, `${name}-view`, "observer", subject, plan.viewOf(team));
}

function groupBinding(
  organization: number,
  name: string,
  role: string,
  subject: Subject,
  environment: number,
): AccessRoleBinding {
  const scope = environmentScope(organization, environment);
  return build("AccessRoleBinding", name, { role, subjects: [subject], scope });
}

function environmentScope(organization: number, environment: number) {
  return { kind: "Environment", name: plan.environmentName(organization, environment) } as const;
}

function build<K extends Kind>(kind: K, name: string, spec: ObjectOf<K>["spec"]): ObjectOf<K> {
  return { apiVersion, kind, metadata: { name, namespace: plan.DOMAIN }, spec } as ObjectOf<K>;
}
