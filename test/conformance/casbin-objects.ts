import type { AccessRole } from "../../engine/model/objects.generated.ts";
import type { CasbinModel } from "./casbin-model.ts";
import { isPattern, patternFunctions, toRegularExpression } from "./casbin-patterns.ts";
import type { Link, Policy } from "./casbin-rows.ts";

type Rule = AccessRole["spec"]["rules"] extends readonly (infer R)[] | undefined ? R : never;

/** Which resources a rule is limited to. */
type Limits = Pick<Rule, "names" | "when">;

/** What resources are grouped by. */
export interface Groups {
  readonly links: readonly Link[];
  /** The function that matches names in these links, in lower case; "equal" without. */
  readonly by: string;
}

/** The resources that a policy speaks of, each entry for a rule of its own. */
export function limitsOf(model: CasbinModel, policy: Policy, groups: Groups): Limits[] {
  if (model.object === "any") return [{}];
  if (model.object === "expression") return [{ when: expressionOf(policy) }];
  if (typeof model.object === "string") {
    return membersOf(policy.obj!, groups).map((name) => limitTo([groups.by], name));
  }
  return [limitTo(model.object, policy.obj!)];
}

function limitTo([by]: readonly string[], name: string): Limits {
  if (by === "keymatch" && name.includes("*")) return { names: [`${name.split("*")[0]}*`] };
  if (by !== undefined && isPattern(by, name)) {
    return { when: matching("resource", toRegularExpression(by, name)!) };
  }
  // In Sidegate's names a star at the end stands for any ending.
  return name.endsWith("*") ? { when: `resource.name == ${JSON.stringify(name)}` } : { names: [name] };
}

/** A condition that a name matches. */
export function matching(whose: "subject" | "resource", regularExpression: string): string {
  return `${whose}.name.matches(${JSON.stringify(regularExpression)})`;
}

/** A group, and what links lead to it, by however many steps. */
function membersOf(group: string, { links, by }: Groups): string[] {
  const reached = [group];
  for (const name of reached) {
    for (const { from, to } of links) {
      const isLed = to === name || (isPattern(by, name) && patternFunctions[by]!(to, name));
      if (isLed && !reached.includes(from)) reached.push(from);
    }
  }
  return reached;
}

/** The expressions of a policy, whose syntax is that of CEL as far as they go. */
function expressionOf({ sub_rule, obj_rule }: Policy): string {
  return `(${sub_rule}) && (${obj_rule})`
    .replace(/\br\.sub\b/g, "subject.name")
    .replace(/\br\.obj\b/g, "resource.name");
}
