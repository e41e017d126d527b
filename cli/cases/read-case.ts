import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { CaseDocument, ListWantDocument, WantDocument } from "./case-file.ts";
import { changeObjects } from "./case-objects.ts";
import type {
  AnyCase,
  CaseDependency,
  CaseList,
  CaseResult,
  CheckCase,
  ExplainCase,
  GrantableCase,
  GrantCase,
  ListCase,
} from "./case-world.ts";
import { type QuestionDocument, readRequest, readTarget } from "./read-request.ts";

/** A case by its form. */
export type ReadCase =
  | { readonly form: "cases"; readonly read: CheckCase }
  | { readonly form: "grantCases"; readonly read: GrantCase }
  | { readonly form: "listCases"; readonly read: ListCase }
  | { readonly form: "grantableCases"; readonly read: GrantableCase }
  | { readonly form: "explainCases"; readonly read: ExplainCase };

const forms = [
  "request",
  "canGrant",
  "listPermissions",
  "listSubjects",
  "listScopes",
  "listGrantable",
  "explain",
] as const;

/**
 * Reads a case that fits the schema.
 *
 * @param world the objects of its world
 * @param now the instant of the world
 * @throws Error where it names what is not there
 */
export function readCase(entry: CaseDocument, world: readonly SidegateObject[], now: string): ReadCase {
  const questions = forms.filter((form) => form in entry);
  if (questions.length > 1) throw new Error(`a case asks one question, not ${questions.join(" and ")}`);
  const objects = changeObjects(world, entry);
  const about = (question: QuestionDocument): AnyCase => ({
    name: entry.name,
    says: typeof entry.says === "string" ? { words: entry.says } : entry.says,
    cell: entry.cell,
    objects,
    now: Date.parse(question.at ?? now),
  });
  const request = (question: QuestionDocument) =>
    readRequest(question, objects, Date.parse(question.at ?? now));
  if ("request" in entry) {
    const read = { ...about(entry.request), request: request(entry.request), want: readWant(entry.want) };
    return { form: "cases", read };
  }
  if ("canGrant" in entry) {
    const { actor, verb, role, target, ...question } = entry.canGrant;
    const asked = {
      actor: request(withSubject(question, actor)),
      ...{ verb, role, target: readTarget(target) },
    };
    const { want } = entry;
    const outcome = want === "allow" ? "Allowed" : "error" in want ? want.error : want.deny;
    return { form: "grantCases", read: { ...about(question), question: asked, want: outcome } };
  }
  if ("listGrantable" in entry) {
    const { actor, ...question } = entry.listGrantable;
    const read = { ...about(question), actor: request(withSubject(question, actor)), want: entry.want };
    return { form: "grantableCases", read };
  }
  if ("explain" in entry) {
    const read = { ...about(entry.explain), request: request(entry.explain), want: entry.want };
    return { form: "explainCases", read };
  }
  const [form, question] =
    "listPermissions" in entry
      ? (["permissions", entry.listPermissions] as const)
      : "listSubjects" in entry
        ? (["subjects", entry.listSubjects] as const)
        : (["scopes", entry.listScopes] as const);
  const read = { ...about(question), form, query: request(question), want: readList(entry.want) };
  return { form: "listCases", read };
}

function withSubject(question: QuestionDocument, subject: QuestionDocument["subject"]): QuestionDocument {
  return { ...question, ...(subject !== undefined && { subject }) };
}

function readWant(want: WantDocument): CaseResult {
  if (want === "allow") return { outcome: "Allowed" };
  if ("error" in want) return { outcome: want.error };
  const { deny, disclosure, level } = want;
  if ((deny === "WrongLevel") !== (level !== undefined)) {
    throw new Error("want says a level with WrongLevel, and with nothing else");
  }
  return level === undefined ? { outcome: deny, disclosure } : { outcome: deny, disclosure, level };
}

function readList({ always = [], until = {}, conditional = {}, order }: ListWantDocument): CaseList {
  const stranger = Object.keys(until).find((entry) => !always.includes(entry));
  if (stranger !== undefined) throw new Error(`want.until has ${stranger}, which is not in always`);
  const ends = new Map(Object.entries(until).map(([entry, instant]) => [entry, Date.parse(instant)]));
  return {
    always: new Map(always.map((entry) => [entry, ends.get(entry)])),
    conditional: new Map(
      Object.entries(conditional).map(([entry, dependencies]) => [
        entry,
        dependencies.length === 0 ? undefined : dependencies.flatMap(readDependency),
      ]),
    ),
    order,
  };
}

function readDependency(dependency: string | { readonly [kind: string]: string }): CaseDependency[] {
  if (typeof dependency === "string") return [{ kind: dependency, detail: undefined }];
  return Object.entries(dependency).map(([kind, detail]) => ({ kind, detail }));
}
