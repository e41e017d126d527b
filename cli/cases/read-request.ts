import type { SidegateObject, SubjectReference } from "../../engine/model/objects.generated.ts";
import type { AskerDocument, RequestDocument, Text, Texts } from "./case-file.ts";
import type { CaseRequest, CaseToken } from "./case-world.ts";
import { signToken } from "./sign-token.ts";

/** Any question: what it leaves out is empty. */
export interface QuestionDocument extends AskerDocument {
  subject?: RequestDocument["subject"];
  permission?: Text;
  scope?: Text;
}

/**
 * The request that a case writes down.
 *
 * @param objects those of the case, for its token
 * @param now milliseconds since 1970
 * @throws Error where its token can not be made
 */
export function readRequest(
  request: QuestionDocument,
  objects: readonly SidegateObject[],
  now: number,
): CaseRequest {
  const { subjectAttributes, resourceAttributes, context } = request;
  const token = readToken(request, objects, now);
  return {
    ...readSubject(request.subject),
    groups: texts(request.groups),
    permission: text(request.permission ?? ""),
    scope: text(request.scope ?? ""),
    resourceName: text(request.resource ?? ""),
    activeRoles: texts(request.activeRoles),
    ...(subjectAttributes && { subjectAttributes }),
    ...(resourceAttributes && { resourceAttributes }),
    ...(context && { context }),
    ...(token && { token }),
  };
}

/** "user:ada", "group:ops" and so on, as a subject of bindings. */
export function readTarget(target: string): SubjectReference {
  const [prefix] = target.split(":", 1) as [string];
  const kinds = {
    user: "User",
    serviceaccount: "ServiceAccount",
    group: "Group",
    accessgroup: "AccessGroup",
  } as const;
  return { kind: kinds[prefix as keyof typeof kinds], name: target.slice(prefix.length + 1) };
}

function readToken(
  { token, rawToken }: AskerDocument,
  objects: readonly SidegateObject[],
  now: number,
): CaseToken | undefined {
  if (token !== undefined) return signToken(token, objects, now);
  return rawToken === undefined
    ? undefined
    : { text: text(rawToken), header: undefined, claims: undefined, signedBy: undefined };
}

function readSubject(subject: RequestDocument["subject"]): Pick<CaseRequest, "subjectKind" | "subjectName"> {
  if (subject === undefined) return { subjectKind: "", subjectName: "" };
  if (typeof subject !== "string") return { subjectKind: subject.kind, subjectName: text(subject.name) };
  const [kind] = subject.split(":", 1) as [string];
  return {
    subjectKind: kind === "user" ? "User" : "ServiceAccount",
    subjectName: subject.slice(kind.length + 1),
  };
}

function text(value: Text): string {
  return typeof value === "string" ? value : (value.prefix ?? "") + value.repeat.repeat(value.times);
}

function texts(values: Texts = []): string[] {
  if (Array.isArray(values)) return values.map(text);
  return Array.from({ length: values.count }, (_, i) =>
    "same" in values ? values.same : `${values.numbered}${i + 1}`,
  );
}
