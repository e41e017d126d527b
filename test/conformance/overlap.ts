import fc, { type Arbitrary } from "fast-check";
import type { LevelName } from "../../engine/model/scope.ts";
import { EVERYWHERE } from "../worlds/build.ts";

/**
 * What Sidegate, casbin and Cedar all can say: roles that include others, given to users and groups at scopes of a tree, with
 * Deny rules that override, resource names, membership and asserted groups. Nothing refers to what is not there, and nothing
 * refers to itself.
 */
export interface OverlapWorld {
  readonly membership: "Required" | "Optional";
  /** The parents of all scopes but Platform; organizations have "platform". */
  readonly parents: Readonly<Record<string, string>>;
  readonly types: readonly OverlapType[];
  readonly roles: readonly OverlapRole[];
  /** Members as subjects are written in bindings; a group has members of later groups only. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly bindings: readonly OverlapBinding[];
  /** The organizations of each user. */
  readonly members: Readonly<Record<string, readonly string[]>>;
}

export interface OverlapType {
  readonly name: string;
  readonly level: LevelName;
  /** What each verb implies. */
  readonly verbs: Readonly<Record<string, readonly string[]>>;
}

export interface OverlapRole {
  readonly name: string;
  readonly assignableAt: readonly LevelName[];
  readonly rules: readonly OverlapRule[];
  /** Later roles only. */
  readonly includes: readonly string[];
}

export interface OverlapRule {
  readonly effect: "Allow" | "Deny";
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly names: readonly string[];
}

export interface OverlapBinding {
  readonly role: string;
  /** "User:ann", "Group:staff" or "AccessGroup:team-0". */
  readonly subjects: readonly string[];
  readonly scope: string;
}

export interface OverlapRequest {
  readonly user: string;
  readonly groups: readonly string[];
  readonly type: string;
  readonly verb: string;
  /** Of the type's level. */
  readonly scope: string;
  /** Empty: none. */
  readonly name: string;
}

export const users = ["ann", "bob", "cid"] as const;
const asserted = ["staff", "night"] as const;
export const everybody = "Group:system:authenticated";

const organizations = ["organization/o1", "organization/o2"];
const workspaces = ["workspace/w1", "workspace/w2"];
const environments = ["environment/e1", "environment/e2", "environment/e3"];
const scopes = ["platform", ...organizations, ...workspaces, ...environments];

/** One type whose verbs imply others, one without. */
const verbsOf = {
  pages: { view: [], edit: ["view"], own: ["edit"] },
  logs: { view: [], edit: [] },
} as const;

/** The scopes of a level. */
export function scopesAt(level: LevelName): string[] {
  return scopes.filter((scope) => scope.split("/")[0] === level.toLowerCase());
}

/** A scope and what it is in, up to Platform. */
export function chainOf({ parents }: OverlapWorld, scope: string): string[] {
  const parent = parents[scope];
  return parent === undefined ? [scope] : [scope, ...chainOf({ parents } as OverlapWorld, parent)];
}

/** The permissions of a rule, "type:verb": an Allow has what its verbs imply, a Deny what implies its verbs. */
export function permissionsOf({ types }: OverlapWorld, { effect, resources, verbs }: OverlapRule): string[] {
  return types
    .filter(({ name }) => resources.includes("*") || resources.includes(name))
    .flatMap(({ name, verbs: declared }) => {
      const named = Object.keys(declared).filter((verb) => verbs.includes("*") || verbs.includes(verb));
      const isAllow = effect === "Allow";
      const touched = Object.keys(declared).filter((verb) =>
        named.some((each) =>
          reaches(declared, ...(isAllow ? ([each, verb] as const) : ([verb, each] as const))),
        ),
      );
      return touched.map((verb) => `${name}:${verb}`);
    });
}

function reaches(verbs: OverlapType["verbs"], from: string, to: string): boolean {
  return from === to || verbs[from]!.some((each) => reaches(verbs, each, to));
}

const level = fc.constantFrom(...EVERYWHERE);

/** At least one of `all`. */
function someOf<T>(all: readonly T[], most = all.length): Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: most });
}

const rule: Arbitrary<OverlapRule> = fc.record({
  effect: fc.constantFrom("Allow", "Allow", "Allow", "Deny"),
  resources: fc.oneof(someOf(["pages", "logs"]), fc.constant(["*"])),
  verbs: fc.oneof({ weight: 3, arbitrary: someOf(["view", "edit", "own"], 2) }, fc.constant(["*"])),
  names: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, someOf(["a", "a*", "ab", "b*"], 2)),
});

const roleNames = ["role-0", "role-1", "role-2", "role-3"] as const;
const groupNames = ["team-0", "team-1", "team-2"] as const;
const people = [...users.map((user) => `User:${user}`), ...asserted.map((group) => `Group:${group}`)];
const subjects = [...people, ...groupNames.map((group) => `AccessGroup:${group}`), everybody];

const roles = fc.tuple(
  ...roleNames.map((name, index) =>
    fc.record({
      name: fc.constant(name),
      assignableAt: fc.oneof(fc.constant(EVERYWHERE), someOf(EVERYWHERE)),
      rules: fc.array(rule, { maxLength: 3 }),
      includes: fc.subarray(roleNames.slice(index + 1)),
    }),
  ),
);

const groups = fc.record(
  Object.fromEntries(
    groupNames.map((name, index) => {
      const later = groupNames.slice(index + 1).map((group) => `AccessGroup:${group}`);
      return [name, fc.subarray([...people, ...later])];
    }),
  ),
);

const parents = fc.record(
  Object.fromEntries([
    ...organizations.map((scope) => [scope, fc.constant("platform")] as const),
    ...workspaces.map((scope) => [scope, fc.constantFrom(...organizations)] as const),
    ...environments.map((scope) => [scope, fc.constantFrom(...organizations, ...workspaces)] as const),
  ]),
);

export const overlapWorld: Arbitrary<OverlapWorld> = fc.record({
  membership: fc.constantFrom("Required", "Optional"),
  parents,
  types: fc.tuple(level, level).map(([pages, logs]) => [
    { name: "pages", level: pages, verbs: verbsOf.pages },
    { name: "logs", level: logs, verbs: verbsOf.logs },
  ]),
  roles,
  groups,
  bindings: fc.array(
    fc.record({
      role: fc.constantFrom(...roleNames),
      subjects: someOf(subjects, 2),
      scope: fc.constantFrom(...scopes),
    }),
    { minLength: 2, maxLength: 7 },
  ),
  members: fc.record(Object.fromEntries(users.map((user) => [user, fc.subarray(organizations)]))),
});

/** So many requests to a world. */
export function requestsTo({ types }: OverlapWorld, number: number): Arbitrary<OverlapRequest[]> {
  const request = fc
    .tuple(fc.constantFrom(...types), fc.constantFrom(...users), fc.subarray([...asserted]))
    .chain(([type, user, groups]) =>
      fc.record({
        ...{ user: fc.constant(user), groups: fc.constant(groups), type: fc.constant(type.name) },
        verb: fc.constantFrom(...Object.keys(type.verbs)),
        scope: fc.constantFrom(...scopesAt(type.level)),
        name: fc.constantFrom("", "a", "ab", "b", "c"),
      }),
    );
  return fc.array(request, { minLength: number, maxLength: number });
}
