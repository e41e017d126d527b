import type { AnyCase, CaseRequest, CaseWorld } from "../cases/case-world.ts";
import { answerCheck } from "./answer-check.ts";
import { answerExplain } from "./answer-explain.ts";
import { answerGrant, answerGrantable } from "./answer-grant.ts";
import { answerList } from "./answer-list.ts";
import type { ToRequest } from "./case-asker.ts";
import { CasePolicies } from "./case-policies.ts";
import type { CaseAnswer, CaseReport } from "./case-report.ts";
import type { Coverage } from "./coverage.ts";

/**
 * Answers cases with the compiled engine, one after another, and notes in `coverage` what the decisions that passed show.
 *
 * @returns the reports, world by world
 */
export async function runCases(
  worlds: readonly CaseWorld[],
  toRequest: ToRequest,
  coverage: Coverage,
): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  for (const world of worlds)
    for await (const report of runWorld(world, toRequest, coverage)) reports.push(report);
  return reports;
}

async function* runWorld(
  world: CaseWorld,
  toRequest: ToRequest,
  coverage: Coverage,
): AsyncGenerator<CaseReport> {
  const policies = new CasePolicies();
  const ask = async (one: AnyCase, request: CaseRequest) => {
    const policy = policies.policyOf(one.objects);
    return [await toRequest(policy, request, one.now), policy] as const;
  };
  const report = ({ name }: AnyCase, answer: CaseAnswer): CaseReport => ({
    ...{ file: world.file, world: world.title, name },
    ...answer,
  });
  for (const one of world.cases) {
    const [request, policy] = await ask(one, one.request);
    yield report(one, answerCheck(one, request, policies.world, policy, coverage));
  }
  for (const one of world.grantCases)
    yield report(one, answerGrant(one, ...(await ask(one, one.question.actor))));
  for (const one of world.grantableCases)
    yield report(one, answerGrantable(one, ...(await ask(one, one.actor))));
  for (const one of world.listCases) yield report(one, answerList(one, ...(await ask(one, one.query))));
  for (const one of world.explainCases)
    yield report(one, answerExplain(one, ...(await ask(one, one.request))));
}
