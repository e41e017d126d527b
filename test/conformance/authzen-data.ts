import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The files of decisions, each a draft of a scenario. */
export const authzenFiles = [
  { file: "todo/decisions-authorization-api-1_0-01.json", scenario: "todo" },
  { file: "todo/decisions-authorization-api-1_0-02.json", scenario: "todo" },
  { file: "api-gateway/decisions.json", scenario: "gateway" },
] as const;

/** A request of AuthZEN's Access Evaluation API. */
export interface Evaluation {
  readonly subject: Entity;
  readonly action: { readonly name: string };
  readonly resource: Entity;
}

interface Entity {
  readonly type: string;
  readonly id: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** One request with the decision that is wanted. */
export interface WantedDecision {
  readonly request: Evaluation;
  readonly wanted: boolean;
}

/** What is in a file: decisions asked one by one, and batches. */
export interface AuthzenData {
  readonly decisions: readonly WantedDecision[];
  readonly batches: readonly (readonly WantedDecision[])[];
}

interface DecisionFile {
  readonly evaluation: readonly { readonly request: Evaluation; readonly expected: boolean }[];
  readonly evaluations?: readonly {
    readonly request: Partial<Evaluation> & { readonly evaluations: readonly Partial<Evaluation>[] };
    readonly expected: readonly { readonly decision: boolean }[];
  }[];
}

/** Reads a file; what a batch says for all is said in each of its requests. */
export function readAuthzen(folder: string, file: string): AuthzenData {
  const { evaluation, evaluations = [] } = JSON.parse(
    readFileSync(join(folder, file), "utf8"),
  ) as DecisionFile;
  return {
    decisions: evaluation.map(({ request, expected }) => ({ request, wanted: expected })),
    batches: evaluations.map(({ request: { evaluations: parts, ...common }, expected }) =>
      parts.map((part, index) => ({
        request: { ...common, ...part } as Evaluation,
        wanted: expected[index]!.decision,
      })),
    ),
  };
}
