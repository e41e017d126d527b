import type { Outcome } from "../decide/decision.ts";
import { KeySet } from "../decide/key-set.ts";
import { resolveScope } from "../decide/resolve-scope.ts";
import type { Policy } from "../policy/policy.ts";
import { type AskerRequest, askerOf } from "./asker.ts";
import { isConflicting } from "./outlook.ts";

/** Why nothing at all may be listed. */
export type Obstacle = Extract<
  Outcome,
  "InvalidToken" | "UnknownScope" | "UnknownPermission" | "WrongLevel" | "Suspended" | "SeparationOfDuty"
>;

/** What a list is about: its scope, its permission and who asks, as far as it has them. */
export interface ListedFor {
  readonly scope: string;
  readonly permission: string;
  readonly asker: AskerRequest | undefined;
}

/**
 * Why a list is empty whatever anybody was granted, in the order in which checks ask (semantics, section 5); undefined: for
 * lack of grants. It is for the operator's eyes: nobody else may learn whether a scope exists.
 *
 * @param now milliseconds since 1970
 */
export function findObstacle(
  policy: Policy,
  { scope: scopeName, permission: name, asker: request }: ListedFor,
  now: number,
): Obstacle | undefined {
  const { catalog } = policy.model;
  const asker = request && askerOf(policy, request);
  if (request !== undefined && asker === undefined) return "InvalidToken";
  const scope = scopeName === "" ? undefined : resolveScope(policy, scopeName);
  if (scopeName !== "" && scope === undefined) return "UnknownScope";
  const permission = name === "" ? undefined : catalog.find(name);
  if (name !== "" && permission === undefined) return "UnknownPermission";
  if (scope === undefined) return undefined;
  if (permission !== undefined && catalog.levelOf(permission) !== scope.level) return "WrongLevel";
  if (scope.grants.suspended) return "Suspended";
  if (asker === undefined) return undefined;
  const keys = new KeySet();
  asker.fill(keys, now);
  return isConflicting(asker, keys, scope, now) ? "SeparationOfDuty" : undefined;
}
