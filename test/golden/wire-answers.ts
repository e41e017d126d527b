import type { CaseRequest, ListCase } from "../../cli/cases/case-world.ts";
import type { Check, Subject } from "../../client/check.ts";
import { InvalidRequestError } from "../../client/errors.ts";
import type { Holding, Page, PageOptions } from "../../client/lists.ts";
import type { SidegateClient } from "../../client/sidegate-client.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { ExplainEvaluator } from "./run-explanations.ts";
import type { GrantEvaluator } from "./run-grants.ts";
import type { ListEvaluator } from "./run-lists.ts";
import { toCaseExplanation, toCaseGrantable, toCaseList } from "./write-answers.ts";

/** Where a world is asked about. */
export interface Counter {
  readonly domain: string;
  /** The revision that the operator delivered. */
  readonly revision: string | undefined;
  /** A client of doors whose clock stands there. @param now milliseconds since 1970 */
  at(now: number): SidegateClient;
}

/** What a sidecar says beside its decisions. Lists are asked for in small pages. */
export function wireAnswers(
  counterOf: (objects: readonly SidegateObject[]) => Counter,
): GrantEvaluator & ListEvaluator & ExplainEvaluator {
  return {
    name: "Wire",

    async canGrant(objects, { actor, verb, role, target }, now) {
      const { domain, at } = counterOf(objects);
      try {
        const answer = await at(now).canGrant({ ...toActor(domain, actor), verb, role, target });
        return answer.allowed ? "Allowed" : (answer.reason ?? "");
      } catch (error) {
        if (error instanceof InvalidRequestError) return "InvalidRequest";
        throw error;
      }
    },

    async listGrantable(objects, actor, now) {
      const { domain, at } = counterOf(objects);
      return toCaseGrantable(await allPages((page) => at(now).listGrantable(toActor(domain, actor), page)));
    },

    async list(objects, { form, query, now }) {
      const { domain, at } = counterOf(objects);
      return toCaseList(await entriesOf(form, toQuery(domain, query), query.permission, () => at(now)));
    },

    async explain(objects, request, now) {
      const { domain, at } = counterOf(objects);
      const { permission } = request;
      const explained = await at(now).explain({ ...toQuery(domain, request), permission });
      return toCaseExplanation(explained.decision.reason, explained);
    },
  };
}

async function entriesOf(
  form: ListCase["form"],
  query: Omit<Check, "permission">,
  permission: string,
  client: () => SidegateClient,
): Promise<[string, Holding][]> {
  const { subject: _s, token: _t, ...circumstances } = query;
  const { scope: _, ...asker } = query;
  switch (form) {
    case "permissions":
      return (await allPages((page) => client().listPermissions(query, page))).map((entry) => [
        entry.permission,
        entry.holding,
      ]);
    case "subjects":
      return (await allPages((page) => client().listSubjects({ ...circumstances, permission }, page))).map(
        ({ kind, name, holding }) => [`${kind.toLowerCase()}:${name}`, holding],
      );
    case "scopes":
      return (
        await allPages((page) =>
          client().listScopes({ ...asker, ...(permission !== "" && { permission }) }, page),
        )
      ).map(({ scope, holding }) => [scope, holding]);
  }
}

async function allPages<Entry>(ask: (page: PageOptions) => Promise<Page<Entry>>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let token = ""; ; ) {
    const page = await ask({ size: 2, token });
    entries.push(...page.entries);
    token = page.nextPageToken;
    if (token === "") return entries;
  }
}

/** What a check says but for its permission. */
export function toQuery(domain: string, request: CaseRequest): Omit<Check, "permission"> {
  const { resourceName, resourceAttributes } = request;
  return {
    ...toActor(domain, request),
    ...((resourceName !== "" || resourceAttributes) && {
      resource: { name: resourceName, ...(resourceAttributes && { attributes: resourceAttributes }) },
    }),
    ...(request.context && { context: request.context }),
  };
}

/** What a question about giving says of who would. */
function toActor(domain: string, request: CaseRequest): Omit<Check, "permission" | "resource" | "context"> {
  const { subjectKind, subjectName, groups, subjectAttributes, scope, activeRoles, token } = request;
  const isSaid = subjectKind !== "" || subjectName !== "" || groups.length > 0 || subjectAttributes;
  return {
    domain,
    ...(isSaid && {
      subject: {
        ...{ kind: subjectKind as Subject["kind"], name: subjectName, groups },
        ...(subjectAttributes && { attributes: subjectAttributes }),
      },
    }),
    ...{ scope, activeRoles },
    ...(token && { token: token.text }),
  };
}
