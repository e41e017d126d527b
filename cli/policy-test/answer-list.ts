import type { DecisionRequest } from "../../engine/decide/request.ts";
import type { Holding } from "../../engine/enumerate/holding.ts";
import { listPermissions } from "../../engine/enumerate/list-permissions.ts";
import { listScopes } from "../../engine/enumerate/list-scopes.ts";
import { listSubjects } from "../../engine/enumerate/list-subjects.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { CaseDependency, CaseList, ListCase } from "../cases/case-world.ts";
import { describeAsker } from "./case-asker.ts";
import type { CaseAnswer } from "./case-report.ts";

/** Lists permissions, subjects or scopes, and compares the list with the wanted one, its order only if that is said. */
export function answerList(one: ListCase, query: DecisionRequest, policy: Policy): CaseAnswer {
  const { form, query: asked, want, now } = one;
  const found = new Map(entriesOf(form, query, policy, now));
  const [expected, got] = [describeList(want), describeList(toCaseList(found, want))];
  return {
    passed: expected === got,
    asked: `${form} of ${form === "subjects" ? "anybody" : describeAsker(asked)} ${asked.permission} ${asked.scope}`,
    expected,
    got,
    explanation: [],
  };
}

function* entriesOf(
  form: ListCase["form"],
  query: DecisionRequest,
  policy: Policy,
  now: number,
): Iterable<[entry: string, holding: Holding]> {
  if (form === "permissions") {
    for (const { permission, holding } of listPermissions(policy, query, now)) yield [permission, holding];
  } else if (form === "scopes") {
    for (const found of listScopes(policy, query, now)) if (found) yield [found.scope, found.holding];
  } else {
    for (const found of listSubjects(policy, query, now))
      if (found) yield [`${found.kind.toLowerCase()}:${found.name}`, found.holding];
  }
}

/** The list as far as the wanted one looks at it. */
function toCaseList(found: ReadonlyMap<string, Holding>, want: CaseList): CaseList {
  const always = new Map<string, number | undefined>();
  const conditional = new Map<string, readonly CaseDependency[] | undefined>();
  for (const [entry, holding] of found) {
    if (holding.certainty === "Always")
      always.set(entry, Number.isFinite(holding.until) ? holding.until : undefined);
    else conditional.set(entry, lookedAt(holding.dependsOn, want.conditional, entry));
  }
  return { always, conditional, order: want.order && [...found.keys()] };
}

/** The dependencies of an entry; those of a kind that is wanted with whatever detail lose theirs. */
function lookedAt(
  dependencies: readonly CaseDependency[],
  wanted: CaseList["conditional"],
  entry: string,
): readonly CaseDependency[] | undefined {
  const others = wanted.get(entry);
  if (others === undefined && wanted.has(entry)) return undefined;
  const isAny = (kind: string) =>
    others?.some((other) => other.kind === kind && other.detail === undefined) ?? false;
  return dependencies.map(({ kind, detail }) => ({ kind, detail: isAny(kind) ? undefined : detail }));
}

function describeList({ always, conditional, order }: CaseList): string {
  const sure = [...always].map(([entry, until]) =>
    until === undefined ? entry : `${entry} until ${new Date(until).toISOString()}`,
  );
  const perhaps = [...conditional].map(([entry, dependencies]) => {
    const texts = dependencies?.map(({ kind, detail }) =>
      detail === undefined ? kind : `${kind} ${detail}`,
    );
    return texts === undefined ? entry : `${entry} (${texts.sort().join("; ")})`;
  });
  const inOrder = order === undefined ? "" : `, in the order [${order.join(", ")}]`;
  return `always [${sure.sort().join(", ")}], conditional [${perhaps.sort().join(", ")}]${inOrder}`;
}
