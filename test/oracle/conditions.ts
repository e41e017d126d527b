import { type Condition, compileCondition, isConditionProblem } from "../../engine/condition/condition.ts";
import type { ConditionFacts } from "../../engine/condition/condition-facts.ts";
import type { JsonObject } from "../../engine/model/json.ts";
import type { Existing } from "./existing.ts";
import { membershipOf } from "./membership.ts";
import { chainOf, organizationOf, type Scope } from "./scopes.ts";
import type { Asker } from "./subjects.ts";

/** What of a request conditions may ask for, besides who asks and where. */
export interface CallerFacts {
  /** Undefined where no permission is asked for. */
  readonly type?: string | undefined;
  /** Empty is none. */
  readonly resourceName?: string | undefined;
  readonly subjectAttributes?: JsonObject | undefined;
  readonly resourceAttributes?: JsonObject | undefined;
  readonly context?: JsonObject | undefined;
  /** Of a valid token. */
  readonly claims?: JsonObject | undefined;
}

/**
 * Section 10: what conditions are about. "What there is not (a name, a type, a workspace, a token) is absent"; "every
 * `attributes` and `context` is at least an empty map"; "they are never merged".
 */
export function factsOf(
  world: Existing,
  asker: Asker,
  scope: Scope,
  caller: CallerFacts,
  now: number,
): ConditionFacts {
  const workspaceName = chainOf(world, scope)?.find(({ kind }) => kind === "Workspace")?.name;
  const workspace = world.workspaces.find(({ metadata }) => metadata.name === workspaceName);
  const organizationName = organizationOf(world, scope);
  const organization = world.organizations.find(({ metadata }) => metadata.name === organizationName);
  // "`member.attributes` (of the subject's Membership); [...] for a non-member any use of `member` is an error".
  const member = organization && membershipOf(world, asker, organization.metadata.name, now);
  return {
    subject: {
      kind: asker.kind,
      name: asker.name,
      // "As asserted": without `system:authenticated`, declared groups and the token's.
      groups: asker.groups,
      attributes: caller.subjectAttributes ?? {},
    },
    resource: {
      // Absent, as any other thing that there is not, where no permission is asked for.
      type: caller.type as string,
      name: caller.resourceName === "" ? undefined : caller.resourceName,
      attributes: caller.resourceAttributes ?? {},
    },
    context: caller.context ?? {},
    member: member && { attributes: member.spec.attributes ?? {} },
    scope: scopeFacts(world, scope),
    organization: organization && {
      name: organization.metadata.name,
      attributes: organization.spec?.attributes ?? {},
    },
    workspace: workspace && {
      name: workspace.metadata.name,
      attributes: workspace.spec.attributes ?? {},
    },
    token: caller.claims && { claims: caller.claims },
    now,
  };
}

/** "`scope {kind, name, type, attributes}` (the request's, in bindings too)"; "`scope.kind` is spelled as the kind". */
function scopeFacts(world: Existing, { kind, name }: Scope): ConditionFacts["scope"] {
  if (kind === "Platform") return { kind, attributes: {} };
  const found = [...world.organizations, ...world.workspaces, ...world.environments].find(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  return {
    kind,
    name,
    type: found?.kind === "Environment" ? found.spec.type : undefined,
    attributes: found?.spec?.attributes ?? {},
  };
}

/** What a condition says; an error where it can not be evaluated or is none. */
export type Verdict = boolean | "error";

export function evaluate(source: string, facts: ConditionFacts): Verdict {
  const condition = conditionOf(source);
  if (condition === undefined) return "error";
  const value = condition.evaluate(facts);
  return typeof value === "boolean" ? value : "error";
}

/** Conditions by their source: that this is remembered changes nothing but the time that the oracle takes. */
const compiled = new Map<string, Condition | undefined>();

function conditionOf(source: string): Condition | undefined {
  if (!compiled.has(source)) {
    const condition = compileCondition(source);
    compiled.set(source, isConditionProblem(condition) ? undefined : condition);
  }
  return compiled.get(source);
}
