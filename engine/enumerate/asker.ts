import { findActiveRoles } from "../decide/active-roles.ts";
import { expandGroups } from "../decide/expand-groups.ts";
import { gatherKeys } from "../decide/gather-keys.ts";
import type { KeySet } from "../decide/key-set.ts";
import type { DecisionRequest } from "../decide/request.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";
import { isTokenOf } from "../token/is-token-of.ts";
import { TokenReach } from "./token-reach.ts";

/** Whom a list judges, and with what. */
export interface Asker {
  readonly policy: Policy;
  /** The roles that the request makes active, rows of the model; undefined: it names none. */
  readonly active: readonly number[] | undefined;
  /** What the token leaves; undefined: there is none. */
  readonly token: TokenReach | undefined;
  /** Whether it is nobody in particular, assumed to be a member wherever membership is asked. */
  readonly isMemberEverywhere: boolean;
  /** Fills a set with the keys that it acts under. @param instant milliseconds since 1970 */
  fill(keys: KeySet, instant: number): void;
}

/** The fields of a request that say who asks and how. */
export type AskerRequest = Pick<
  DecisionRequest,
  "subjectKind" | "subjectName" | "groups" | "resourceAttributes" | "activeRoles" | "token" | "stale"
>;

/** The subject of a request; undefined where every check of it would be denied. */
export function askerOf(policy: Policy, request: AskerRequest): Asker | undefined {
  const { token } = request;
  const active = findActiveRoles(policy, request.activeRoles);
  if (request.stale || typeof active === "string") return undefined;
  if (token !== undefined && !isTokenOf(token, request)) return undefined;
  const question = { ...request, permission: "", scope: "", resourceName: "" };
  return {
    policy,
    active,
    token: token?.valid ? new TokenReach(token, policy.model.catalog, request.resourceAttributes) : undefined,
    isMemberEverywhere: false,
    fill: (keys, instant) => gatherKeys(keys, policy, question, instant),
  };
}

/** A User or ServiceAccount that asserts nothing. @param key as in compiled policies */
export function askerWithKey(policy: Policy, key: string, active: Asker["active"]): Asker {
  return {
    policy,
    active,
    token: undefined,
    isMemberEverywhere: false,
    fill(keys, instant) {
      keys.start(key.charCodeAt(0), key.slice(1));
      expandGroups(policy, keys, instant);
    },
  };
}

/** No kind of subject has this digit, so nothing is bound to such a subject. */
const NOBODY = 48;
const GROUP = SubjectDigit.Group.charCodeAt(0);

/**
 * Somebody who has nothing but what everybody in a group has: asserted, `system:authenticated` or `token:POLICY`.
 *
 * @param isMemberEverywhere whether it is a member of all organizations, or of none
 */
export function askerInGroup(
  policy: Policy,
  group: string,
  active: Asker["active"],
  isMemberEverywhere: boolean,
): Asker {
  return {
    policy,
    active,
    token: undefined,
    isMemberEverywhere,
    fill(keys, instant) {
      keys.start(NOBODY, "");
      keys.addText(GROUP, group, true);
      expandGroups(policy, keys, instant, isMemberEverywhere);
    },
  };
}
