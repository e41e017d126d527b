import type { AnyCase, CaseRequest, CaseResult, CaseWorld } from "../../cli/cases/case-world.ts";
import type { CheckOutcome } from "../../cli/check/check-outcome.ts";
import { CommandFolder } from "./folder-command.ts";
import type { Evaluator } from "./run-golden.ts";

/** `sidegate check --folder`: the objects are written down as manifests and read, validated and compiled for each question. */
export const cliEvaluator: Evaluator = {
  name: "Command line",
  load: async (objects) => {
    const folder = new CommandFolder(objects);
    return {
      decide: (request, now) => check(folder, request, now),
      close: async () => folder.remove(),
    };
  },
};

/** The cases that a folder and a command line can express: valid manifests, nothing marked for deletion or owned. */
export function expressible(worlds: readonly CaseWorld[]): CaseWorld[] {
  return worlds
    .filter(({ isValid }) => isValid)
    .map((world) => ({
      ...world,
      cases: world.cases.filter((one) => isWritable(one) && isSayable(one.request)),
      grantCases: world.grantCases.filter(
        (one) => isWritable(one) && isSayable(one.question.actor) && !hasCircumstances(one.question.actor),
      ),
      listCases: world.listCases.filter(
        (one) => isWritable(one) && (one.form === "subjects" || isSayable(one.query)),
      ),
      grantableCases: world.grantableCases.filter((one) => isWritable(one) && isSayable(one.actor)),
      explainCases: world.explainCases.filter((one) => isWritable(one) && isSayable(one.request)),
    }));
}

function isWritable({ objects }: AnyCase): boolean {
  return objects.every(({ metadata }) => !metadata.deletionTimestamp && !metadata.ownerReferences);
}

/** An empty token is none in a request, and a mistake in a file. */
function isSayable({ subjectKind, token }: CaseRequest): boolean {
  return ["User", "ServiceAccount", ""].includes(subjectKind) && token?.text !== "";
}

/** What `can-grant` does not take, because it counts for nothing there. */
function hasCircumstances({ context, resourceName }: CaseRequest): boolean {
  return context !== undefined || resourceName !== "";
}

async function check(folder: CommandFolder, request: CaseRequest, now: number): Promise<CaseResult> {
  const options = [...folder.optionsOf(request), "--scope", request.scope];
  const printed = await folder.run(["check"], options, [request.permission], now);
  if (printed === "InvalidRequest") return { outcome: "InvalidRequest" };
  const { allowed, decision, reason, disclosure, level } = printed.output as CheckOutcome;
  if (printed.code !== (allowed ? 0 : 1))
    throw new Error(`${decision} ends with the exit code ${printed.code}`);
  return { outcome: reason, ...(disclosure && { disclosure }), ...(level && { level }) } as CaseResult;
}
