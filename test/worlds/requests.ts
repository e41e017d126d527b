import fc, { type Arbitrary } from "fast-check";
import type { OracleRequest } from "../oracle/request.ts";
import { type Aim, takeAim } from "./aim.ts";
import { assertedGroups, GHOST, roles, types, users, verbs } from "./names.ts";
import { weighted } from "./often.ts";
import { scopeText } from "./scopes.ts";
import { principal } from "./subjects.ts";
import type { WorldObjects } from "./world.ts";

/**
 * What a request is made from. A blind request is these fields as they are. An aimed one takes most of them from what a
 * binding of the world is about, since hardly a blind one is allowed.
 */
interface RequestSeed {
  readonly aim: Aim | undefined;
  readonly subject: { readonly kind: string; readonly name: string };
  readonly groups: readonly string[];
  readonly type: string;
  readonly verb: string;
  readonly scope: string;
  readonly resourceName: string;
  readonly activeRoles: readonly string[];
  readonly stale: boolean;
}

const choice = fc.nat({ max: 59 });

const seed: Arbitrary<RequestSeed> = fc.record({
  aim: weighted<Aim | undefined>(
    [1, undefined],
    [
      6,
      fc.record({
        binding: choice,
        subject: choice,
        scope: choice,
        type: choice,
        verb: choice,
        role: choice,
      }),
    ],
  ),
  subject: principal,
  groups: weighted<string[]>([3, []], [2, fc.subarray([...assertedGroups], { minLength: 1 })]),
  type: weighted([9, fc.constantFrom(...Object.keys(types))], [1, fc.constantFrom("membership", GHOST)]),
  verb: weighted([9, fc.constantFrom(...verbs)], [1, fc.constantFrom("create", "more", "nothing")]),
  scope: scopeText,
  resourceName: weighted([4, ""], [3, fc.constantFrom("x", "xx", "x*y", "y*", "z", "*")]),
  activeRoles: weighted<string[]>(
    [9, []],
    [5, fc.subarray([...roles], { minLength: 1, maxLength: 2 })],
    [1, [GHOST, roles[0]]],
  ),
  stale: weighted([40, false], [1, true]),
});

/** A world with one to `most` requests about it. Shrinks both. */
export function worldWithRequests(
  world: Arbitrary<WorldObjects>,
  most: number,
): Arbitrary<{ objects: WorldObjects; requests: OracleRequest[] }> {
  return fc
    .record({ objects: world, seeds: fc.array(seed, { minLength: 1, maxLength: most, size: "max" }) })
    .map(({ objects, seeds }) => ({ objects, requests: seeds.map((found) => requestFrom(found, objects)) }));
}

function requestFrom(found: RequestSeed, objects: WorldObjects): OracleRequest {
  const { subject, groups, scope, type, verb, activeRoles } = { ...found, ...aimed(found, objects) };
  return {
    subjectKind: subject.kind,
    subjectName: subject.name,
    groups,
    permission: `${type}:${verb}`,
    scope,
    resourceName: found.resourceName,
    activeRoles,
    stale: found.stale,
  };
}

/** The fields of a request that a target replaces. */
function aimed(found: RequestSeed, objects: WorldObjects): Partial<RequestSeed> {
  const target = found.aim && takeAim(objects, found.aim);
  if (target === undefined) return {};
  const { subject, role, ...about } = target;
  // An active role rather is one that has to do with the binding.
  const activeRoles = found.activeRoles.length > 0 ? [role, ...found.activeRoles.slice(1)] : [];
  // Names with a colon are reserved: to ask in them would only make the request malformed.
  if (subject.name.includes(":")) return { ...about, activeRoles };
  if (subject.kind !== "Group") return { ...about, activeRoles, subject };
  const groups = [...new Set([...found.groups, subject.name])];
  return { ...about, activeRoles, groups, subject: { kind: "User", name: users[0] } };
}
