import type { DecisionRequest } from "../decide/request.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { Policy } from "../policy/policy.ts";
import { type Case, gatherCase } from "./case.ts";
import { type Change, changeKey } from "./change.ts";
import { proposeChanges } from "./propose-changes.ts";
import { RoleRules } from "./role-rules.ts";
import { type Trial, TryChanges } from "./try-changes.ts";

/** Changes that together turn a denial into an allow, none of which can be left out. */
export type NearestMiss = readonly Change[];

/** As many changes together are tried. */
const MAX_SIZE = 4;
/** As many combinations are tried, and as many grants looked at in all, so that a tangled case ends soon. */
const MAX_TRIALS = 5_000;
const MAX_WORK = 200_000;
/** As many nearest misses are told. */
const MAX_MISSES = 20;

/** A case with and without the subject's membership, and what tries changes on it. */
export class CaseTrials {
  readonly rules: RoleRules;
  readonly #cases: readonly [Case, Case];

  /** @param now milliseconds since 1970 */
  constructor(
    policy: Policy,
    request: DecisionRequest,
    scope: ResolvedScope,
    permission: number,
    now: number,
  ) {
    this.rules = new RoleRules(policy.model, permission);
    this.#cases = [false, true].map((joins) =>
      gatherCase(policy, request, scope, permission, now, joins),
    ) as unknown as [Case, Case];
  }

  /** The case as it is, or as it would be with a membership. */
  caseOf(changes: readonly Change[]): Case {
    return this.#cases[changes.some(({ kind }) => kind === "Membership") ? 1 : 0];
  }

  try(changes: readonly Change[]): TryChanges {
    return new TryChanges(this.caseOf(changes), this.rules, changes);
  }
}

/**
 * The smallest sets of changes that turn a denial into an allow, all of the same size; none where more than four changes
 * would be needed. What keeps everything from being allowed (suspension, a token that narrows) is in each of them. Yields after
 * each trial, so that the caller may let others in.
 */
export function* findNearestMisses(trials: CaseTrials): Generator<undefined, NearestMiss[]> {
  const before = trials.try([]).run();
  const forced: Change[] = [
    ...(before.isSuspended ? [{ kind: "Suspension" } as const] : []),
    ...(before.isTokenDenied ? [{ kind: "Token" } as const] : []),
  ];
  const proposals = proposalsFor(trials, before).filter(
    (change) => !forced.some((other) => changeKey(other) === changeKey(change)),
  );
  const work = Math.floor(MAX_WORK / (1 + before.applying.length + before.unit.standing.length));
  const budget = { left: Math.min(MAX_TRIALS, Math.max(proposals.length, work)) };
  for (let size = 0; forced.length + size <= MAX_SIZE; size++) {
    const found = yield* combinations(trials, forced, proposals, size, budget);
    if (found.length > 0) return found;
  }
  return [];
}

function proposalsFor(trials: CaseTrials, before: Trial): Change[] {
  const base = proposeChanges(trials.caseOf([]), trials.rules, before, trials.try([]));
  if (trials.caseOf([]).isMember) return base;
  // A membership brings defaults, and lets other conditions be asked.
  const joined: Change[] = [{ kind: "Membership" }];
  const member = trials.try(joined);
  const more = proposeChanges(trials.caseOf(joined), trials.rules, member.run(), member);
  return [...new Map([...base, ...more].map((change) => [changeKey(change), change])).values()];
}

function* combinations(
  trials: CaseTrials,
  forced: readonly Change[],
  proposals: readonly Change[],
  size: number,
  budget: { left: number },
): Generator<undefined, NearestMiss[]> {
  const found: NearestMiss[] = [];
  function* extend(chosen: readonly Change[], from: number): Generator<undefined> {
    if (found.length >= MAX_MISSES || budget.left <= 0) return;
    if (chosen.length === forced.length + size) {
      budget.left--;
      if (trials.try(chosen).run().isAllowed) found.push(chosen);
      yield undefined;
      return;
    }
    for (let next = from; next < proposals.length; next++)
      yield* extend([...chosen, proposals[next]!], next + 1);
  }
  yield* extend(forced, 0);
  return found;
}
