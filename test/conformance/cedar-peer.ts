import {
  type EntityJson,
  type EntityUidJson,
  preparsePolicySet,
  statefulIsAuthorized,
} from "@cedar-policy/cedar-wasm/nodejs";
import { chainOf, everybody, type OverlapRequest, type OverlapWorld } from "./overlap.ts";
import { grantsOf, type Part, rulesOf } from "./overlap-grants.ts";
import type { Answer } from "./overlap-objects.ts";

/** Decides the requests with Cedar: a forbid that matches is a Deny rule. */
export function askCedar(world: OverlapWorld, requests: readonly OverlapRequest[]): Answer[] {
  const parsed = preparsePolicySet("world", { staticPolicies: policiesOf(world).join("\n") });
  if (parsed.type === "failure") throw new Error(JSON.stringify(parsed.errors));
  const entities = [...scopesOf(world), ...partiesOf(world), ...rolesOf(world)];
  return requests.map((request) => {
    const [principal, resource] = [principalOf(world, request), resourceOf(request)];
    const answer = statefulIsAuthorized({
      ...{ principal: principal.uid, resource: resource.uid, context: {} },
      ...{ action: uid("Action", `${request.type}:${request.verb}`), preparsedPolicySetId: "world" },
      entities: [...entities, principal, resource],
    });
    if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors));
    if (decision === "allow") return "Allowed";
    return diagnostics.reason.length > 0 ? "ExplicitDeny" : "NoGrant";
  });
}

/** A policy for each rule of each part of a role, at each scope at which such parts are given. */
function policiesOf(world: OverlapWorld): string[] {
  return placesOf(world).flatMap(({ part, scope }) => {
    const organization = chainOf(world, scope).at(-2);
    const member = part === "member" ? [`principal in Member::"${organization}"`] : [];
    return world.roles.flatMap(({ name: role }) =>
      rulesOf(world, role, part)
        .filter(({ permissions }) => permissions.length > 0)
        .map(({ effect, names, permissions }) => {
          const actions = permissions.map((permission) => `Action::"${permission}"`).join(", ");
          const when = [...member, ...named(names, effect)].map((condition) => `(${condition})`).join(" && ");
          const head = `principal in Role::"${idOf(part, role, scope)}", action in [${actions}], resource in Scope::"${scope}"`;
          return `${effect === "Deny" ? "forbid" : "permit"}(${head}) when { ${when || "true"} };`;
        }),
    );
  });
}

/** The condition that names make: without a resource name an Allow does not match, a Deny does. */
function named(names: readonly string[], effect: "Allow" | "Deny"): string[] {
  if (names.length === 0) return [];
  const match = names.map((name) => `resource.name like "${name}"`).join(" || ");
  return [effect === "Allow" ? `resource has name && (${match})` : `!(resource has name) || (${match})`];
}

function scopesOf({ parents }: OverlapWorld): EntityJson[] {
  const inside = Object.entries(parents).map(([scope, parent]) =>
    entity("Scope", scope, [uid("Scope", parent)]),
  );
  return [entity("Scope", "platform", []), ...inside];
}

/** Users and groups: in the groups that they are members of, and in the roles that they are given. */
function partiesOf(world: OverlapWorld): EntityJson[] {
  const grants = grantsOf(world);
  const above = Object.entries(world.groups);
  const all = new Set([
    ...grants.map(({ subject }) => subject),
    ...above.flatMap(([group, members]) => [`AccessGroup:${group}`, ...members]),
  ]);
  return [...all].map((party) =>
    entity("Party", party, [
      ...above
        .filter(([, members]) => members.includes(party))
        .map(([group]) => uid("Party", `AccessGroup:${group}`)),
      ...grants
        .filter(({ subject }) => subject === party)
        .map(({ part, role, scope }) => uid("Role", idOf(part, role, scope))),
    ]),
  );
}

/** Roles at scopes, in the roles that they include there. */
function rolesOf(world: OverlapWorld): EntityJson[] {
  return placesOf(world).flatMap(({ part, scope }) =>
    world.roles.map(({ name, includes }) =>
      entity(
        "Role",
        idOf(part, name, scope),
        includes.map((each) => uid("Role", idOf(part, each, scope))),
      ),
    ),
  );
}

/** Which parts of roles are given at which scopes. */
function placesOf(world: OverlapWorld): { readonly part: Part; readonly scope: string }[] {
  const places = grantsOf(world).map(({ part, scope }) => [`${part} ${scope}`, { part, scope }] as const);
  return [...new Map(places).values()];
}

function principalOf({ members }: OverlapWorld, { user, groups }: OverlapRequest): EntityJson {
  const parties = [`User:${user}`, ...groups.map((group) => `Group:${group}`), everybody];
  return entity("Principal", user, [
    ...parties.map((party) => uid("Party", party)),
    ...members[user]!.map((organization) => uid("Member", organization)),
  ]);
}

function resourceOf({ scope, name }: OverlapRequest): EntityJson {
  return { ...entity("Resource", name, [uid("Scope", scope)]), attrs: name === "" ? {} : { name } };
}

function entity(type: string, id: string, parents: EntityUidJson[]): EntityJson {
  return { uid: uid(type, id), attrs: {}, parents };
}

function uid(type: string, id: string): EntityUidJson {
  return { type, id };
}

/** A part of a role at a scope. */
function idOf(part: Part, role: string, scope: string): string {
  return `${part}:${role}@${scope}`;
}
