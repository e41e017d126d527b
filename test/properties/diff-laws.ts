import { isDeepStrictEqual } from "node:util";
import fc, { type Arbitrary } from "fast-check";
import { decide } from "../../engine/decide/decide.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { type DiffEntry, isWidening, type Standing } from "../../engine/diff/diff-entry.ts";
import { diffPolicies } from "../../engine/diff/diff-policies.ts";
import {
  type HeldPermission,
  listPermissions,
  listPermissionsOfGroup,
} from "../../engine/enumerate/list-permissions.ts";
import { AUTHENTICATED } from "../../engine/model/subject.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { now } from "../worlds/instants.ts";
import {
  assertedGroups,
  environments,
  organizations,
  serviceAccounts,
  users,
  workspaces,
} from "../worlds/names.ts";
import { tangledWorld } from "../worlds/tangled-world.ts";
import { anyObject, keyOf, type WorldObjects, withoutNamesakes, world } from "../worlds/world.ts";
import { compile } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

/** Two worlds: of their own, or the second with a few objects of the first changed, added or taken away. */
const pairs: Arbitrary<readonly [WorldObjects, WorldObjects]> = fc.oneof(
  fc.tuple(world, world).map(asPair),
  fc.tuple(tangledWorld, tangledWorld).map(asPair),
  fc
    .tuple(
      fc.oneof(world, tangledWorld),
      fc.array(anyObject, { maxLength: 3 }),
      fc.array(fc.nat({ max: 59 }), { maxLength: 2 }),
    )
    .map(([objects, others, gone]) => {
      const left = new Set(gone.map((index) => objects[index % Math.max(1, objects.length)]));
      return asPair([
        objects,
        withoutNamesakes([...objects.filter((object) => !left.has(object)), ...others]),
      ]);
    }),
);

function asPair(pair: readonly [WorldObjects, WorldObjects]): readonly [WorldObjects, WorldObjects] {
  return pair;
}

interface Subject {
  readonly kind: "User" | "ServiceAccount" | "Group";
  readonly name: string;
}

const everybody: readonly Subject[] = [
  ...users.map((name): Subject => ({ kind: "User", name })),
  ...serviceAccounts.map((name): Subject => ({ kind: "ServiceAccount", name })),
  ...[...assertedGroups, AUTHENTICATED].map((name): Subject => ({ kind: "Group", name })),
];

const scopes: readonly string[] = [
  "platform",
  ...organizations.map((name) => `organization/${name}`),
  ...workspaces.map((name) => `workspace/${name}`),
  ...environments.map((name) => `environment/${name}`),
];

/** Resources and circumstances that conditions and names tell apart. */
const circumstances: readonly Partial<DecisionRequest>[] = [
  {},
  { resourceName: "x" },
  { resourceName: "xy", context: { mfa: true, missing: 1 } },
  { resourceName: "y*", subjectAttributes: { team: "red" }, resourceAttributes: { owner: "ann" } },
];

export const diffLaws: readonly Law[] = [
  law(
    "a diff has just what lists of both worlds do not have in common",
    600,
    fc.property(pairs, now, ([before, after], instant) => {
      const [old, made] = [loadCompiled(compile(before)), loadCompiled(compile(after))];
      const expected = brute(old, made, instant);
      const found = new Map<string, string>();
      for (const entry of diffPolicies(old, made, instant)) {
        const key = keyOfEntry(entry.subject, entry.permission, entry.scope);
        if (found.has(key)) fail(before, after, instant, { twice: key });
        // Changed conditions are for the other law.
        if (isKnown(entry.subject) && entry.before !== entry.after)
          found.set(key, `${entry.before} ${entry.after}`);
      }
      if (isDeepStrictEqual(found, expected)) return;
      const missing = [...expected].filter(([key, change]) => found.get(key) !== change);
      const wrong = [...found].filter(([key, change]) => expected.get(key) !== change);
      fail(before, after, instant, { missing, wrong });
    }),
  ),
  law(
    "what a diff does not have is decided alike in both worlds, and what it calls no wider is allowed only where it was",
    400,
    fc.property(pairs, now, ([before, after], instant) => {
      const [old, made] = [loadCompiled(compile(before)), loadCompiled(compile(after))];
      const listed = new Map<string, DiffEntry>();
      for (const entry of diffPolicies(old, made, instant))
        listed.set(keyOfEntry(entry.subject, entry.permission, entry.scope), entry);
      for (const request of requests(old, made)) {
        const key = keyOfEntry(
          { kind: request.subjectKind as Subject["kind"], name: request.subjectName },
          request.permission,
          request.scope,
        );
        const entry = listed.get(key);
        if (entry !== undefined && isWidening(entry)) continue;
        const [then, later] = [decide(old, request, instant), decide(made, request, instant)];
        const [was, is] = [then.outcome === "Allowed", later.outcome === "Allowed"];
        const isRight = was === is || (entry !== undefined && was);
        if (!isRight) fail(before, after, instant, { request, then, later, entry });
      }
    }),
  ),
];

function brute(before: Policy, after: Policy, instant: number): Map<string, string> {
  const found = new Map<string, string>();
  for (const subject of namedIn(before, after)) {
    for (const scope of scopes) {
      const [old, made] = [
        standings(before, subject, scope, instant),
        standings(after, subject, scope, instant),
      ];
      for (const permission of new Set([...old.keys(), ...made.keys()])) {
        const [then, later] = [old.get(permission) ?? "None", made.get(permission) ?? "None"];
        if (then !== later) found.set(keyOfEntry(subject, permission, scope), `${then} ${later}`);
      }
    }
  }
  return found;
}

function standings(
  policy: Policy,
  { kind, name }: Subject,
  scope: string,
  instant: number,
): Map<string, Standing> {
  const list = (activeRoles: readonly string[]): Iterable<HeldPermission> => {
    if (kind === "Group") {
      const rows = activeRoles.map((role) => policy.model.roleRows.get(role)!);
      const active = rows.length === 0 ? undefined : rows;
      return listPermissionsOfGroup(policy, name, scope, instant, active);
    }
    const question = { subjectKind: kind, subjectName: name, groups: [], resourceName: "", activeRoles };
    return listPermissions(policy, { ...question, scope }, instant);
  };
  const found = new Map<string, Standing>();
  // What is allowed only to who chooses active roles, since all together break a separation of duty.
  for (const role of policy.model.roles.names)
    for (const { permission } of list([role])) found.set(permission, "Conditional");
  for (const { permission, holding } of list([])) found.set(permission, holding.certainty);
  return found;
}

/** Requests of users and service accounts about all that either world knows. */
function* requests(before: Policy, after: Policy): Iterable<DecisionRequest> {
  const permissions = new Set(
    [before, after].flatMap(({ model }) => [...model.catalog.permissions].map(([permission]) => permission)),
  );
  for (const { kind, name } of namedIn(before, after)) {
    if (kind === "Group") continue;
    const question = { subjectKind: kind, subjectName: name, groups: [], resourceName: "", activeRoles: [] };
    for (const scope of scopes)
      for (const permission of permissions)
        for (const more of circumstances) yield { ...question, scope, permission, ...more };
  }
}

/** The subjects that either policy names. Others have what `system:authenticated` has, which is an entry of its own. */
function namedIn(before: Policy, after: Policy): Subject[] {
  const keys = new Set([`3${AUTHENTICATED}`]);
  for (const { platform, organizations: shards, subjects } of [before, after]) {
    const tables = [platform, ...shards.values()].map((shard) => shard.subjects);
    const members = subjects.flatMap((table) => table?.members ?? []);
    for (const table of [...tables, ...members])
      for (let row = 0; row < table.size; row++) keys.add(table.text(row));
  }
  const digits = { User: 1, ServiceAccount: 2, Group: 3 };
  return everybody.filter(({ kind, name }) => keys.has(`${digits[kind]}${name}`));
}

function isKnown({ kind, name }: Subject): boolean {
  return everybody.some((other) => other.kind === kind && other.name === name);
}

function keyOfEntry({ kind, name }: Subject, permission: string, scope: string): string {
  return `${kind}:${name} ${permission} ${scope}`;
}

function fail(before: WorldObjects, after: WorldObjects, instant: number, facts: object): never {
  const kept = new Set(before.map((object) => JSON.stringify(object)));
  const changed = after.filter((object) => !kept.has(JSON.stringify(object)));
  const left = new Set(after.map(keyOf));
  const gone = before.map(keyOf).filter((key) => !left.has(key));
  throw new Error(showCase(before, { now: new Date(instant), changed, gone, ...facts }));
}
