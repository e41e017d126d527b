import { decide } from "../engine/decide/decide.ts";
import type { DecisionRequest } from "../engine/decide/request.ts";
import { canGrant } from "../engine/delegate/can-grant.ts";
import { listPermissions } from "../engine/enumerate/list-permissions.ts";
import { listSubjects } from "../engine/enumerate/list-subjects.ts";
import { explain } from "../engine/explain/explain.ts";
import type { Policy } from "../engine/policy/policy.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { compileWorld, loadPolicy } from "./compile-world.ts";
import { plainQuestion, planEngineer } from "./plan-engineer.ts";
import { planQuestion } from "./plan-requests.ts";
import { type Contender, questions, takeTurns } from "./take-turns.ts";
import { members, type WorldSize } from "./world-plan.ts";

const NOW = Date.UTC(2026, 0, 1);
const ORGANIZATIONS = 10;
/** Entries of a page, as the sidecar gives them by default. */
const PAGE = 100;

/** Lists, explanations and delegation in process, beside a plain decision. */
export async function measureAnswers({ report, note, isSmall }: BenchmarkContext): Promise<void> {
  const numbers = isSmall ? [1_000, 10_000] : [10_000, 100_000];
  const contenders = numbers.flatMap((bindings) => answers({ organizations: ORGANIZATIONS, bindings }));
  await takeTurns(contenders, isSmall ? 10 : 100, isSmall ? 2 : 10, report);
  note(
    `In ${ORGANIZATIONS} organizations of equal size, so that each has a tenth of the bindings, and a member for four of them. ListSubjects asks who may look at logs in an environment, for a page of ${PAGE} or for all; the denials are those of the other benchmarks, and each is explained with its nearest misses.`,
  );
}

/** @returns what is asked of one policy */
function answers(size: WorldSize): Contender[] {
  const policy = loadPolicy(compileWorld(size).compile({}));
  const asOwner = (number: number) => {
    const { owner, user, elsewhere } = planEngineer(size, number);
    return { actor: plainQuestion(owner, "", elsewhere), target: { kind: "User" as const, name: user } };
  };
  const named = (what: string) => `${what}, ${size.bindings} bindings`;
  const here = (number: number) => {
    const { user, workplace } = planEngineer(size, number);
    return plainQuestion(user, "logs:view", workplace);
  };
  const planned = (allowed: boolean) => (number: number) => {
    const { user, groups, permission, scope } = planQuestion(size, number, allowed);
    return { ...plainQuestion(user, permission, scope), groups };
  };
  return [
    questions({ what: named("decision"), unit: "us", count: 200 }, here, (request) =>
      isAllowed(policy, request),
    ),
    questions(
      { what: named("ListPermissions"), unit: "us", count: 20 },
      here,
      (request) => [...listPermissions(policy, request, NOW)].length > 10,
    ),
    questions(
      { what: named(`ListSubjects, a page of ${PAGE}`), unit: "us", count: 2 },
      here,
      (request) => countSubjects(policy, request, PAGE) >= Math.min(PAGE, Math.floor(members(size) / 5)),
    ),
    questions(
      { what: named("ListSubjects, all"), unit: "us", count: 1 },
      here,
      (request) => countSubjects(policy, request, Number.POSITIVE_INFINITY) > members(size) / 5,
    ),
    questions(
      { what: named("explain an allow"), unit: "us", count: 20 },
      planned(true),
      (request) => explain(policy, request, NOW).grants.length > 0,
    ),
    questions(
      { what: named("explain a denial"), unit: "us", count: 10 },
      planned(false),
      (request) => explain(policy, request, NOW).decision.outcome !== "Allowed",
    ),
    questions({ what: named("canGrant"), unit: "us", count: 20 }, asOwner, ({ actor, target }) => {
      const answer = canGrant(policy, { actor, verb: "Give", role: "engineer", target }, NOW);
      return "allowed" in answer && answer.allowed;
    }),
  ];
}

function isAllowed(policy: Policy, request: DecisionRequest): boolean {
  return decide(policy, request, NOW).outcome === "Allowed";
}

function countSubjects(policy: Policy, request: DecisionRequest, most: number): number {
  let count = 0;
  // What is undefined lets others in; here nobody waits.
  for (const entry of listSubjects(policy, request, NOW)) if (entry !== undefined && ++count === most) break;
  return count;
}
