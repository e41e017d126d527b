import fc from "fast-check";
import { decide } from "../../engine/decide/decide.ts";
import { resolveScope } from "../../engine/decide/resolve-scope.ts";
import type { Change } from "../../engine/explain/change.ts";
import { CaseTrials, findNearestMisses } from "../../engine/explain/nearest-misses.ts";
import { finished } from "../../engine/model/finished.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { anyWorld } from "../worlds/any-world.ts";
import { now } from "../worlds/instants.ts";
import { worldWithRequests } from "../worlds/requests.ts";
import { applyChange, type Changeable } from "./apply-change.ts";
import { compile, toDecisionRequest } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

const ABOUT_GRANTS = ["Allowed", "Suspended", "SeparationOfDuty", "TokenDenied", "ExplicitDeny", "NoGrant"];

interface Found {
  readonly changeable: Changeable;
  readonly trials: CaseTrials;
  readonly isAllowed: boolean;
  readonly instant: number;
}

/** Holds a law against every request that grants decide. */
function everyCase(breach: (found: Found) => Readonly<Record<string, unknown>> | undefined) {
  return fc.property(worldWithRequests(anyWorld, 6, 4), now, ({ objects, requests }, instant) => {
    // A binding brings a role back that is marked for deletion, which no explanation goes into.
    if (
      objects.some(({ kind, metadata }) => kind === "AccessRole" && metadata.deletionTimestamp !== undefined)
    )
      return;
    const policy = loadCompiled(compile(objects));
    for (const asked of requests) {
      const request = toDecisionRequest(policy, asked, instant);
      const { outcome } = decide(policy, request, instant);
      const scope = resolveScope(policy, request.scope);
      const permission = policy.model.catalog.find(request.permission);
      if (!ABOUT_GRANTS.includes(outcome) || scope === undefined || permission === undefined) continue;
      const trials = new CaseTrials(policy, request, scope, permission, instant);
      const isAllowed = outcome === "Allowed";
      const facts = breach({ changeable: { objects, request }, trials, isAllowed, instant });
      if (facts !== undefined)
        throw new Error(showCase(objects, { request, now: new Date(instant), outcome, ...facts }));
    }
  });
}

/** Whether the request is allowed once the changes are made to the objects themselves. */
function isAllowedAfter({ changeable, trials, instant }: Found, changes: readonly Change[]): boolean {
  const own = trials.caseOf([]);
  const changed = changes.reduce((before, change) => applyChange(own, before, change), changeable);
  return decide(loadCompiled(compile(changed.objects)), changed.request, instant).outcome === "Allowed";
}

/** What explanations promise. */
export const explanationLaws: readonly Law[] = [
  law(
    "a case without changes is allowed where the engine allows it, and nowhere else",
    1000,
    everyCase(({ trials, isAllowed }) => {
      const { isAllowed: tried } = trials.try([]).run();
      return tried === isAllowed ? undefined : { tried };
    }),
  ),
  law(
    "making the changes of a nearest miss turns the denial into an allow",
    400,
    everyCase((found) => {
      if (found.isAllowed) return undefined;
      const broken = finished(findNearestMisses(found.trials)).find(
        (changes) => !isAllowedAfter(found, changes),
      );
      return broken && { broken };
    }),
  ),
  law(
    "no single change, and no part of a nearest miss, does what a larger one does",
    300,
    everyCase((found) => {
      if (found.isAllowed) return undefined;
      const misses = finished(findNearestMisses(found.trials));
      const size = misses[0]?.length ?? 0;
      if (size < 2) return undefined;
      const parts = misses.flatMap((changes) =>
        changes.map((_, left) => changes.filter((__, at) => at !== left)),
      );
      const smaller = [...parts, ...misses.flat().map((change) => [change])];
      const enough = smaller.find((changes) => isAllowedAfter(found, changes));
      return enough && { enough, misses };
    }),
  ),
];
