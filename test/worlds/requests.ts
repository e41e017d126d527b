import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "../../engine/model/json.ts";
import type { OracleRequest } from "../oracle/request.ts";
import { type Aim, takeAim } from "./aim.ts";
import { assertedGroups, GHOST, roles, types, users, verbs } from "./names.ts";
import { compact, mostly, seldom, weighted } from "./often.ts";
import { scopeText } from "./scopes.ts";
import { principal } from "./subjects.ts";
import { claims, resourceAttributes, type TokenTarget } from "./tokens.ts";
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
  readonly subjectAttributes: JsonObject | undefined;
  readonly resourceAttributes: JsonObject | undefined;
  readonly context: JsonObject | undefined;
  /** The claims of a token, and whether the request names its subject as well. */
  readonly token:
    | {
        readonly claims: (target: TokenTarget) => JsonObject | undefined;
        readonly isNamed: boolean;
        /** Which policy of the world it is for. */
        readonly policy: number;
      }
    | undefined;
}

const choice = fc.nat({ max: 59 });

/** @param tokenOneIn in how many requests there is one with a token */
const seed = (tokenOneIn: number): Arbitrary<RequestSeed> =>
  fc.record({
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
    subjectAttributes: seldom<JsonObject>(fc.constantFrom({ team: "red" }, { team: 1 }), 2),
    resourceAttributes: mostly(resourceAttributes, 3),
    context: seldom<JsonObject>(
      fc.constantFrom({ mfa: true }, { mfa: false, level: 2 }, { level: 2.5, mfa: "yes" }),
      2,
    ),
    token: seldom(fc.record({ claims, isNamed: fc.boolean(), policy: choice }), tokenOneIn),
  });

/**
 * A world with one to `most` requests about it. Shrinks both.
 *
 * @param tokenOneIn in how many requests there is one with a token
 */
export function worldWithRequests(
  world: Arbitrary<WorldObjects>,
  most: number,
  tokenOneIn = 8,
): Arbitrary<{ objects: WorldObjects; requests: OracleRequest[] }> {
  return fc
    .record({
      objects: world,
      seeds: fc.array(seed(tokenOneIn), { minLength: 1, maxLength: most, size: "max" }),
    })
    .map(({ objects, seeds }) => ({ objects, requests: seeds.map((found) => requestFrom(found, objects)) }));
}

function requestFrom(found: RequestSeed, objects: WorldObjects): OracleRequest {
  const { subject, groups, scope, type, verb, activeRoles } = { ...found, ...aimed(found, objects) };
  const { resourceName, stale, subjectAttributes, resourceAttributes, context, token } = found;
  const isNamed = token === undefined || token.isNamed;
  const policies = objects.filter((object) => object.kind === "TokenPolicy");
  const audience = policies[(token?.policy ?? 0) % policies.length]?.spec.audiences[0] ?? GHOST;
  return {
    subjectKind: isNamed ? subject.kind : "",
    subjectName: isNamed ? subject.name : "",
    groups,
    permission: `${type}:${verb}`,
    scope,
    resourceName,
    activeRoles,
    stale,
    ...compact({ subjectAttributes, resourceAttributes, context }),
    ...(token && { token: { claims: token.claims({ subject: subject.name, audience }) } }),
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
