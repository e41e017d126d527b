import { DefaultRoleManager, newEnforcer, newModelFromString } from "casbin";
import { chainOf, everybody, type OverlapRequest, type OverlapWorld } from "./overlap.ts";
import { grantsOf, parts, rulesOf } from "./overlap-grants.ts";

/** RBAC with domains that are in one another, deny-override, and membership as a second graph. */
const MODEL = `
[request_definition]
r = sub, dom, org, obj, act
[policy_definition]
p = sub, obj, act, need, eft
[role_definition]
g = _, _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub, r.dom) && keyMatch(r.obj, p.obj) && r.act == p.act && (p.need == "nothing" || g2(r.sub, r.org))
`;

/** Stands for no resource name: no name in a rule matches it. */
const NO_NAME = "(none)";
const NOWHERE = "(none)";

/** More steps than any chain of groups and roles has. */
const DEEP = 50;

/** Decides the requests with casbin: whether each is allowed. */
export async function askCasbin(
  world: OverlapWorld,
  requests: readonly OverlapRequest[],
): Promise<boolean[]> {
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  const [roles, domains] = [new DefaultRoleManager(DEEP), new DefaultRoleManager(DEEP)];
  for (const [scope, parent] of Object.entries(world.parents)) await domains.addLink(parent, scope);
  await roles.addDomainHierarchy(domains);
  enforcer.setRoleManager(roles);
  const personas = new Map(requests.map((request) => [personaOf(request), request]));
  await enforcer.addPolicies(policiesOf(world));
  await enforcer.addGroupingPolicies(unique([...linksOf(world), ...personas.values().flatMap(identify)]));
  const memberships = [...personas].flatMap(([persona, { user }]) =>
    world.members[user]!.map((organization) => [persona, organization]),
  );
  await enforcer.addNamedGroupingPolicies("g2", [[NOWHERE, NOWHERE], ...memberships]);
  return requests.map((request) => {
    const { scope, type, verb, name } = request;
    const organization = chainOf(world, scope).at(-2) ?? NOWHERE;
    const object = name === "" ? NO_NAME : name;
    return enforcer.enforceSync(personaOf(request), scope, organization, object, `${type}:${verb}`);
  });
}

/** A user with asserted groups is one name for casbin. */
function personaOf({ user, groups }: OverlapRequest): string {
  return [user, ...groups].join("+");
}

/** What a persona is, everywhere. */
function identify(request: OverlapRequest): string[][] {
  const all = [`User:${request.user}`, ...request.groups.map((group) => `Group:${group}`), everybody];
  return all.map((each) => [personaOf(request), each, "platform"]);
}

function policiesOf(world: OverlapWorld): string[][] {
  const rows = world.roles.flatMap(({ name: role }) =>
    parts.flatMap((part) =>
      rulesOf(world, role, part).flatMap(({ effect, names, permissions }) => {
        const isDeny = effect === "Deny";
        const objects = names.length === 0 ? ["*"] : [...names, ...(isDeny ? [NO_NAME] : [])];
        const need = part === "member" ? "membership" : "nothing";
        return permissions.flatMap((permission) =>
          objects.map((object) => [`${part}:${role}`, object, permission, need, isDeny ? "deny" : "allow"]),
        );
      }),
    ),
  );
  return unique([["nobody", NO_NAME, "nothing", "nothing", "deny"], ...rows]);
}

/** Bindings, includes and groups. */
function linksOf(world: OverlapWorld): string[][] {
  return [
    ...grantsOf(world).map(({ subject, part, role, scope }) => [subject, `${part}:${role}`, scope]),
    ...world.roles.flatMap(({ name, includes }) =>
      parts.flatMap((part) => includes.map((each) => [`${part}:${name}`, `${part}:${each}`, "platform"])),
    ),
    ...Object.entries(world.groups).flatMap(([group, members]) =>
      members.map((member) => [member, `AccessGroup:${group}`, "platform"]),
    ),
  ];
}

/** casbin refuses rows that are there twice. */
function unique(rows: readonly string[][]): string[][] {
  return [...new Map(rows.map((row) => [row.join("\n"), row])).values()];
}
