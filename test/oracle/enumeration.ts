import type { Membership, SidegateObject } from "../../engine/model/objects.generated.ts";
import { knownTypes } from "./catalog.ts";
import { decide, decideFor, type Reading } from "./decide.ts";
import { type Existing, existing } from "./existing.ts";
import { instantsAfter } from "./instants.ts";
import type { OracleRequest } from "./request.ts";
import { allScopes, parseScope, type Scope } from "./scopes.ts";

/** How sure an entry of a list is: section 11. */
export interface OracleHolding {
  readonly certainty: "Always" | "Conditional";
  /** With Always: the first instant at which it is no longer so, in milliseconds since 1970; undefined: none. */
  readonly until: number | undefined;
}

/** Entries of a list by what they are about. */
export type Holdings = ReadonlyMap<string, OracleHolding>;

type Objects = readonly SidegateObject[];

/** What the subject may do at the scope, by "type:verb". The permission of the query counts for nothing. */
export function listPermissions(objects: Objects, query: OracleRequest, now: number): Holdings {
  const world = existing(objects);
  return holdings(permissionsAt(world, parseScope(query.scope)), (permission) =>
    holdingOf(world, [{ ...query, permission }], now),
  );
}

/**
 * Who has the permission at the scope, by "Kind:name". The subject and the token of the query count for nothing. Users and
 * service accounts are those that some object names, asked without groups: "expanded AccessGroups" are among what they have. A
 * Group stands for "what a member without other grants would have": Always where it holds for somebody of whom nothing else is
 * known, and Conditional where it could for a member of every organization.
 */
export function listSubjects(objects: Objects, query: OracleRequest, now: number): Holdings {
  const world = existing(objects);
  const { token: _, ...question } = query;
  const ofPerson = (subjectKind: string) => (subjectName: string) =>
    holdingOf(world, [{ ...question, subjectKind, subjectName, groups: [] }], now);
  const ofGroup = (group: string) => {
    const groups = group === AUTHENTICATED ? [] : [group];
    const somebody = { ...question, subjectKind: "User", subjectName: SOMEBODY, groups };
    const always = holdingOf(world, [somebody], now);
    if (always?.certainty === "Always") return always;
    return holdingOf(withMember(world), [somebody], now) && CONDITIONAL;
  };
  // What the tokens of a policy hold that narrow, nobody knows.
  const ofTokens = (tokenPolicy: string) => {
    const asker = { kind: "User", name: SOMEBODY, groups: [], tokenPolicy };
    const decision = decideFor(withMember(world), asker, undefined, question, now, "Hopeful");
    return decision.outcome === "Allowed" ? CONDITIONAL : undefined;
  };
  return new Map([
    ...holdings(named(world, "User"), ofPerson("User"), "User:"),
    ...holdings(named(world, "ServiceAccount"), ofPerson("ServiceAccount"), "ServiceAccount:"),
    ...holdings([AUTHENTICATED, ...named(world, "Group")], ofGroup, "Group:"),
    ...holdings(
      world.tokenPolicies.map(({ metadata }) => metadata.name),
      ofTokens,
      "Group:token:",
    ),
  ]);
}

/** Where the subject has the permission, by the scope as requests write it; with an empty permission, any permission. */
export function listScopes(objects: Objects, query: OracleRequest, now: number): Holdings {
  const world = existing(objects);
  const scopes = allScopes(world);
  return holdings(scopes.map(written), (text) => {
    const permissions = query.permission === "" ? permissionsAt(world, parseScope(text)) : [query.permission];
    return holdingOf(
      world,
      permissions.map((permission) => ({ ...query, permission, scope: text })),
      now,
    );
  });
}

const CONDITIONAL: OracleHolding = { certainty: "Conditional", until: undefined };

const AUTHENTICATED = "system:authenticated";

/** A name that no object bears. */
const SOMEBODY = "somebody of whom nothing else is known";

/**
 * How sure it is that one of the requests is allowed, found by deciding all of them. "Each `Always` result, checked singly at
 * the same revision, is allowed, and nothing that is allowed is missing"; "whatever has names or conditions is Conditional".
 */
function holdingOf(
  world: Existing,
  requests: readonly OracleRequest[],
  now: number,
): OracleHolding | undefined {
  const isAllowed = (reading: Reading, instant: number) =>
    requests.some((request) => decide(world, request, instant, reading).outcome === "Allowed");
  if (!isAllowed("Wary", now)) return isAllowed("Hopeful", now) ? CONDITIONAL : undefined;
  const claims = requests[0]?.token?.claims;
  const until = instantsAfter(world, now, claims).find((instant) => !isAllowed("Wary", instant));
  return { certainty: "Always", until };
}

function holdings(
  keys: readonly string[],
  holding: (key: string) => OracleHolding | undefined,
  prefix = "",
): Map<string, OracleHolding> {
  const found = new Map<string, OracleHolding>();
  for (const key of keys) {
    const held = holding(key);
    if (held !== undefined) found.set(prefix + key, held);
  }
  return found;
}

function permissionsAt(world: Existing, scope: Scope | undefined): string[] {
  return knownTypes(world.catalogs)
    .filter((type) => type.level === scope?.kind)
    .flatMap((type) => type.verbs.map((verb) => `${type.name}:${verb.name}`));
}

/** Whom of a kind the objects name. */
function named(world: Existing, kind: string): string[] {
  const references = [
    ...world.bindings.flatMap(({ spec }) => spec.subjects),
    ...world.groups.flatMap(({ spec }) => spec.members ?? []),
    ...world.memberships.map(({ spec }) => spec.subject),
  ];
  return [...new Set(references.filter((reference) => reference.kind === kind).map(({ name }) => name))];
}

/** The world in which somebody of whom nothing else is known is a member of every organization. */
function withMember(world: Existing): Existing {
  const memberships = world.organizations.map(
    ({ metadata }) =>
      ({
        apiVersion: "sidegate.dev/v1alpha1",
        kind: "Membership",
        metadata: { name: `${SOMEBODY} in ${metadata.name}` },
        spec: { organization: metadata.name, subject: { kind: "User", name: SOMEBODY } },
      }) as Membership,
  );
  return { ...world, memberships: [...world.memberships, ...memberships] };
}

function written({ kind, name }: Scope): string {
  return kind === "Platform" ? "platform" : `${kind.toLowerCase()}/${name}`;
}
