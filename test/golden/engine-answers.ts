import type { ListCase } from "../../cli/cases/case-world.ts";
import { canGrant } from "../../engine/delegate/can-grant.ts";
import { listGrantable } from "../../engine/delegate/list-grantable.ts";
import type { Holding } from "../../engine/enumerate/holding.ts";
import { listPermissions } from "../../engine/enumerate/list-permissions.ts";
import { listScopes } from "../../engine/enumerate/list-scopes.ts";
import { listSubjects } from "../../engine/enumerate/list-subjects.ts";
import { explain } from "../../engine/explain/explain.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { policyOf, prove } from "./engine-policy.ts";
import type { ExplainEvaluator } from "./run-explanations.ts";
import type { GrantEvaluator } from "./run-grants.ts";
import type { ListEvaluator } from "./run-lists.ts";
import { toCaseExplanation, toCaseGrantable, toCaseList } from "./write-answers.ts";

/** What the engine says beside its decisions. */
export const engineAnswers: GrantEvaluator & ListEvaluator & ExplainEvaluator = {
  name: "Engine",

  async canGrant(objects, question, now) {
    const policy = policyOf(objects);
    const actor = await prove(policy, question.actor, now);
    const answer = canGrant(policy, { ...question, actor }, now);
    if (!("allowed" in answer)) return "InvalidRequest";
    return answer.allowed ? "Allowed" : answer.reason;
  },

  async listGrantable(objects, asked, now) {
    const policy = policyOf(objects);
    const entries = [...listGrantable(policy, await prove(policy, asked, now), now)];
    return toCaseGrantable(entries.filter((entry) => entry !== undefined));
  },

  async list(objects, asked) {
    return toCaseList(await entriesOf(objects, asked));
  },

  async explain(objects, asked, now) {
    const policy = policyOf(objects);
    const explained = explain(policy, await prove(policy, asked, now), now);
    return toCaseExplanation(explained.decision.outcome, explained);
  },
};

async function entriesOf(
  objects: readonly SidegateObject[],
  { form, query, now }: Pick<ListCase, "form" | "query" | "now">,
): Promise<[string, Holding][]> {
  const policy = policyOf(objects);
  const request = await prove(policy, query, now);
  switch (form) {
    case "permissions":
      return [...listPermissions(policy, request, now)].map(({ permission, holding }) => [
        permission,
        holding,
      ]);
    case "subjects":
      return [...listSubjects(policy, request, now)]
        .filter((found) => found !== undefined)
        .map(({ kind, name, holding }) => [`${kind.toLowerCase()}:${name}`, holding]);
    case "scopes":
      return [...listScopes(policy, request, now)]
        .filter((found) => found !== undefined)
        .map(({ scope, holding }) => [scope, holding]);
  }
}
