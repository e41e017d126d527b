import { AskedConditions } from "../condition/asked-conditions.ts";
import type { Condition } from "../condition/condition.ts";
import type { ConditionError } from "../condition/condition-error.ts";
import type { ConditionFacts } from "../condition/condition-facts.ts";
import type { StepBudget } from "../condition/step-budget.ts";
import type { JsonObject } from "../model/json.ts";
import { Level, levelName } from "../model/scope.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import { scopeName } from "../policy/scope-text.ts";
import { type KeySet, SUBJECT } from "./key-set.ts";
import { type DecisionRequest, type Subject, subjectOf } from "./request.ts";
import type { ResolvedScope } from "./resolve-scope.ts";

const NONE: JsonObject = Object.freeze({});

/** What the conditions of one request are evaluated over (semantics, section 10), put together when the first one asks. */
export class Circumstances {
  readonly #policy: Policy;
  readonly #keys: KeySet;
  readonly #request: DecisionRequest;
  readonly #scope: ResolvedScope;
  readonly #now: number;
  readonly #budget: StepBudget | undefined;
  #facts: ConditionFacts | undefined;
  #asked: AskedConditions | undefined;

  /**
   * @param now milliseconds since 1970
   * @param budget what the steps of conditions are taken from; left out: one of its own
   */
  constructor(
    policy: Policy,
    keys: KeySet,
    request: DecisionRequest,
    scope: ResolvedScope,
    now: number,
    budget?: StepBudget,
  ) {
    this.#budget = budget;
    this.#policy = policy;
    this.#keys = keys;
    this.#request = request;
    this.#scope = scope;
    this.#now = now;
  }

  /** Whether an Allow that has the condition counts: only if it is true. */
  isMet(condition: Condition | undefined): boolean {
    return condition === undefined || this.evaluate(condition) === true;
  }

  /** Whether a Deny that has the condition counts: unless it is false. */
  mayHold(condition: Condition | undefined): boolean {
    return condition === undefined || this.evaluate(condition) !== false;
  }

  evaluate(condition: Condition): boolean | ConditionError {
    this.#asked ??= new AskedConditions(this.facts, this.#budget);
    return this.#asked.evaluate(condition);
  }

  get facts(): ConditionFacts {
    return (this.#facts ??= this.#gather());
  }

  #gather(): ConditionFacts {
    const { grants, row } = this.#scope;
    const request = this.#request;
    return {
      subject: { ...this.#subject(), groups: request.groups, attributes: request.subjectAttributes ?? NONE },
      resource: {
        ...(request.permission === "" ? {} : { type: typeOf(request.permission) }),
        ...(request.resourceName === "" ? {} : { name: request.resourceName }),
        attributes: request.resourceAttributes ?? NONE,
      },
      context: request.context ?? NONE,
      member: this.#member(),
      scope: this.#describeScope(),
      organization: grants.organization === "" ? undefined : named(grants, 0),
      workspace: this.#workspace(grants, row),
      token: request.token?.valid ? { claims: request.token.claims } : undefined,
      now: this.#now,
    };
  }

  #subject(): Subject {
    return subjectOf(this.#request);
  }

  #member(): ConditionFacts["member"] {
    const { grants } = this.#scope;
    if (grants === this.#policy.platform) return undefined;
    const subject = this.#keys.rowIn(grants, SUBJECT);
    return grants.isMember(subject, this.#now) ? { attributes: grants.memberAttributes(subject) } : undefined;
  }

  #describeScope(): ConditionFacts["scope"] {
    const { grants, row, level } = this.#scope;
    const kind = levelName(level);
    if (level === Level.Platform) return { kind, attributes: grants.scopeAttributes(row) };
    const type = grants.scopeType(row);
    return { kind, ...named(grants, row), ...(type === undefined ? {} : { type }) };
  }

  #workspace(grants: LoadedGrants, row: number): ConditionFacts["workspace"] {
    for (const scope of [row, grants.parentOf(row)])
      if (grants.levelOf(scope) === Level.Workspace) return named(grants, scope);
    return undefined;
  }
}

function named(grants: LoadedGrants, row: number) {
  return { name: scopeName(grants, row), attributes: grants.scopeAttributes(row) };
}

function typeOf(permission: string): string {
  return permission.slice(0, permission.lastIndexOf(":"));
}
