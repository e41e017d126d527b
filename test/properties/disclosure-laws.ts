import { isDeepStrictEqual } from "node:util";
import type { OracleDecision } from "../oracle/decide.ts";
import { createOracle } from "../oracle/oracle.ts";
import { type Case, everyRequest } from "./every-request.ts";
import { type Law, law } from "./law.ts";

const RUNS = 1000;

/** What a subject may learn about scopes. */
export const disclosureLaws: readonly Law[] = [
  law(
    "an invisible scope can not be told from a missing one",
    RUNS,
    everyRequest((found) => {
      if (sees(found)) return undefined;
      const { objects, request, instant, evaluate } = found;
      const kind = request.scope === "platform" ? "organization" : request.scope.split("/")[0];
      const evaluator = evaluate(objects);
      const invisible = shown(evaluator.decide(request, instant));
      const missing = shown(evaluator.decide({ ...request, scope: `${kind}/nowhere` }, instant));
      return isDeepStrictEqual(invisible, missing) ? undefined : { invisible, missing };
    }),
  ),
  law(
    "a denial at a visible scope does not hide it",
    RUNS,
    everyRequest((found) => {
      const decision = found.evaluate(found.objects).decide(found.request, found.instant);
      return decision.disclosure === "NotFound" && sees(found) ? { decision } : undefined;
    }),
  ),
  law(
    "who is allowed something at a scope sees all scopes above",
    RUNS,
    everyRequest(({ objects, request, instant, evaluate }) => {
      const evaluator = evaluate(objects);
      if (evaluator.decide(request, instant).outcome !== "Allowed") return undefined;
      const hidden = scopesAbove(objects, request.scope).filter((scope) => {
        const decision = evaluator.decide({ ...request, permission: "no:such", scope }, instant);
        return decision.disclosure !== "Forbidden";
      });
      return hidden.length > 0 ? { hidden } : undefined;
    }),
  ),
];

function sees({ objects, request, instant }: Case): boolean {
  return createOracle(objects).visible(request, instant);
}

/** What the subject gets to know: "With `NotFound` nothing else is caller-facing." */
function shown({ outcome, disclosure, level }: OracleDecision) {
  return disclosure === "NotFound" ? { disclosure } : { outcome, disclosure, level };
}

/** The scope and what its objects say it hangs under. */
function scopesAbove(objects: Case["objects"], scope: string): string[] {
  const [kind, name] = scope.split("/");
  const found = objects.find((object) => object.kind.toLowerCase() === kind && object.metadata.name === name);
  if (found?.kind === "Organization") return [scope, "platform"];
  if (found?.kind !== "Workspace" && found?.kind !== "Environment") return [scope];
  const spec: { organization?: string; workspace?: string } = found.spec;
  const parent =
    spec.workspace === undefined ? `organization/${spec.organization}` : `workspace/${spec.workspace}`;
  return [scope, ...scopesAbove(objects, parent)];
}
