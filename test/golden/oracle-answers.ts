import type { CaseRequest } from "../../cli/cases/case-world.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { canGrant } from "../oracle/delegation.ts";
import { type Holdings, listPermissions, listScopes, listSubjects } from "../oracle/enumeration.ts";
import { existing } from "../oracle/existing.ts";
import type { OracleRequest } from "../oracle/request.ts";
import { allScopes, chainOf, type Scope } from "../oracle/scopes.ts";
import { giveDefaults } from "./give-defaults.ts";
import { present } from "./present-token.ts";
import type { GrantEvaluator } from "./run-grants.ts";
import type { ListEvaluator } from "./run-lists.ts";

/** What the oracle says beside its decisions. It knows no reasons and not what an entry of a list hangs on. */
export const oracleAnswers: GrantEvaluator & ListEvaluator = {
  name: "Oracle",

  async canGrant(objects, question, now) {
    const actor = toOracle(question.actor, objects);
    return canGrant(giveDefaults(objects), { ...question, actor }, now) ? "Allowed" : "Refused";
  },

  /** "Also for the scopes below": asks for each role at each of them, for somebody with whom nothing can be in conflict. */
  async listGrantable(objects, asked, now) {
    const world = existing(giveDefaults(objects));
    const actor = toOracle(asked, objects);
    const below = allScopes(world).filter((scope) =>
      chainOf(world, scope)?.some((ancestor) => write(ancestor) === actor.scope),
    );
    const target = { kind: "Group", name: "a group that nothing names" } as const;
    const found = (verb: "Give" | "Take") =>
      below.flatMap((scope) =>
        world.roles
          .map(({ metadata }) => metadata.name)
          .filter((role) =>
            canGrant(
              giveDefaults(objects),
              { actor: { ...actor, scope: write(scope) }, verb, role, target },
              now,
            ),
          )
          .map((role) => `${role} at ${write(scope)}`),
      );
    return { give: found("Give"), take: found("Take") };
  },

  async list(objects, { form, query, now }) {
    const list = { permissions: listPermissions, subjects: listSubjects, scopes: listScopes }[form];
    const found = list(giveDefaults(objects), toOracle(query, objects), now);
    const name = (entry: string) => (form === "subjects" ? lowerKind(entry) : entry);
    return {
      always: new Map([...of(found, "Always")].map(([entry, { until }]) => [name(entry), until])),
      conditional: new Map([...of(found, "Conditional")].map(([entry]) => [name(entry), undefined])),
      order: undefined,
    };
  },
};

function of(holdings: Holdings, certainty: "Always" | "Conditional") {
  return [...holdings].filter(([, holding]) => holding.certainty === certainty);
}

function write({ kind, name }: Scope): string {
  return kind === "Platform" ? "platform" : `${kind.toLowerCase()}/${name}`;
}

function lowerKind(entry: string): string {
  const colon = entry.indexOf(":");
  return entry.slice(0, colon).toLowerCase() + entry.slice(colon);
}

function toOracle({ token, ...request }: CaseRequest, objects: readonly SidegateObject[]): OracleRequest {
  return token === undefined ? request : { ...request, token: present(token, objects) };
}
