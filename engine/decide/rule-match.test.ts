import { expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import type { AccessRole } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { decide } from "./decide.ts";

type Rule = NonNullable<AccessRole["spec"]["rules"]>[number];

const rule = (verb: string, more: Partial<Rule> = {}): Rule => ({
  resources: ["logs"],
  verbs: [verb],
  ...more,
});

function outcome(rules: Rule[], verb: string, resourceName: string): string {
  const compiler = new DomainCompiler("shop");
  const verbs = ["view", "edit"].map((name) => ({ name }));
  compiler.put(build("PermissionCatalog", "c", { resources: [{ name: "logs", level: "Platform", verbs }] }));
  compiler.put(role("r", { rules }));
  compiler.put(binding("b", "r", "User:ann", "platform"));
  const request = {
    ...{ subjectKind: "User", subjectName: "ann", groups: [], activeRoles: [], scope: "platform" },
    ...{ permission: `logs:${verb}`, resourceName },
  };
  return decide(loadCompiled(compiler.compile({})), request, 0).outcome;
}

const named = [rule("view", { names: ["a"] }), rule("edit", { names: ["b"] })];
const conditional = [rule("view", { when: "true" }), rule("edit", { when: "false" })];
const denied = named.map((narrow): Rule => ({ ...narrow, effect: "Deny" }));
const deniedWhen = conditional.map((narrow): Rule => ({ ...narrow, effect: "Deny" }));

it.each<[string, Rule[], string, string, string]>([
  ["Allow rules with names", named, "view", "a", "Allowed"],
  ["Allow rules with names", named, "view", "b", "NoGrant"],
  ["Allow rules with names", named, "edit", "a", "NoGrant"],
  ["Allow rules with names", named, "edit", "b", "Allowed"],
  ["Allow rules with conditions", conditional, "view", "", "Allowed"],
  ["Allow rules with conditions", conditional, "edit", "", "NoGrant"],
  ["Deny rules with names", [rule("*"), ...denied], "view", "a", "ExplicitDeny"],
  ["Deny rules with names", [rule("*"), ...denied], "view", "b", "Allowed"],
  ["Deny rules with names", [rule("*"), ...denied], "edit", "a", "Allowed"],
  ["Deny rules with names", [rule("*"), ...denied], "edit", "", "ExplicitDeny"],
  ["Deny rules with conditions", [rule("*"), ...deniedWhen], "view", "", "ExplicitDeny"],
  ["Deny rules with conditions", [rule("*"), ...deniedWhen], "edit", "", "Allowed"],
])("of several %s each is about its own permissions: %#", (_, rules, verb, name, wanted) => {
  expect(outcome(rules, verb, name)).toBe(wanted);
});
