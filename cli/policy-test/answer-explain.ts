import type { DecisionRequest } from "../../engine/decide/request.ts";
import { explain } from "../../engine/explain/explain.ts";
import type { ExplainedChange, ExplainedGrant, Explanation } from "../../engine/explain/explanation.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { ChangeDocument } from "../cases/case-file.ts";
import type { ExplainCase } from "../cases/case-world.ts";
import { describeAsker } from "./case-asker.ts";
import type { CaseAnswer } from "./case-report.ts";

type Fields = { readonly [field: string]: unknown };

/** Explains a decision, and looks for what the case asks for in the explanation. */
export function answerExplain(
  { request: asked, want, now }: ExplainCase,
  request: DecisionRequest,
  policy: Policy,
): CaseAnswer {
  const explanation = explain(policy, request, now);
  const missing = [...missingFrom(explanation, want)];
  return {
    passed: missing.length === 0,
    asked: `why ${describeAsker(asked)} ${asked.permission} ${asked.scope}`,
    expected: JSON.stringify(want),
    got: JSON.stringify({
      decision: explanation.decision.outcome,
      grants: explanation.grants.map(grantFields),
      nearestMisses: explanation.nearestMisses.map(({ changes }) => changes.map(changeFields)),
    }),
    explanation: missing,
  };
}

/** Says what an explanation lacks, or has too much. */
function* missingFrom(
  { decision, grants, nearestMisses }: Explanation,
  want: ExplainCase["want"],
): Iterable<string> {
  const outcome = want.decision === "allow" ? "Allowed" : want.decision.deny;
  if (decision.outcome !== outcome) yield `the decision is ${decision.outcome}`;
  const wantedGrants = want.grants ?? [];
  for (const wanted of wantedGrants) {
    if (!grants.some((grant) => holds(grantFields(grant), wanted)))
      yield `no grant is ${JSON.stringify(wanted)}`;
  }
  const wantedMisses = want.nearestMisses ?? [];
  for (const wanted of wantedMisses) {
    if (!nearestMisses.some(({ changes }) => isMiss(changes, wanted)))
      yield `no nearest miss is ${JSON.stringify(wanted)}`;
  }
  if (want.only !== true) return;
  if (grants.length > wantedGrants.length) yield "there are other grants";
  if (nearestMisses.length > wantedMisses.length) yield "there are other nearest misses";
}

function isMiss(changes: readonly ExplainedChange[], wanted: readonly ChangeDocument[]): boolean {
  return (
    changes.length === wanted.length &&
    wanted.every((one) => changes.some((change) => holds(changeFields(change), sorted(one))))
  );
}

function grantFields({ binding, role, ruleRole, rule, scope, subject, effect }: ExplainedGrant): Fields {
  const names = { binding: binding.name, role: role.name, ruleRole: ruleRole.name };
  return { ...names, rule, scope, subject, effect, provenance: binding.provenance };
}

function changeFields({ kind, objects, role, scope, grantors }: ExplainedChange): Fields {
  const names = objects.map((object) => `${object.kind}/${object.name}`);
  return { kind, objects: names.sort(), role, scope, grantors: [...grantors].sort() };
}

function sorted({ objects, grantors, ...change }: ChangeDocument): Fields {
  return {
    ...change,
    ...(objects && { objects: objects.toSorted() }),
    ...(grantors && { grantors: grantors.toSorted() }),
  };
}

function holds(found: Fields, wanted: Fields): boolean {
  return Object.entries(wanted).every(
    ([field, value]) => JSON.stringify(found[field]) === JSON.stringify(value),
  );
}
