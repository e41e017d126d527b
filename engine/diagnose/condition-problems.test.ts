import { expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { World } from "../model/world.ts";
import { diagnose } from "./diagnose.ts";

const rule = { resources: ["logs"], verbs: ["view"] };
const catalog = build("PermissionCatalog", "c", {
  resources: [{ name: "logs", level: "Organization", verbs: [{ name: "view" }] }],
});

function verdictOf(object: SidegateObject): { reason: string; message: string } {
  const world = new World("shop");
  for (const other of [
    catalog,
    build("Organization", "acme", {}),
    role("viewer", { assignableAt: ["Organization"] }),
  ])
    world.put(other);
  world.put(object);
  const { reason, message } = diagnose(world, object);
  return { reason, message };
}

it("names the rule, what is wrong, where, and what it comes to", () => {
  const conditions = role("r", {
    assignableAt: ["Organization"],
    rules: [
      { ...rule, when: "subject.name == resource.attributes.owner" },
      { ...rule, when: "scope.kinds == 'Organization'" },
      { ...rule, effect: "Deny", when: "context.mfa =" },
    ],
  });
  expect(verdictOf(conditions)).toEqual({
    reason: "InvalidCondition",
    message:
      "spec.rules[1].when: there is no field kinds, at character 7, so the rule never allows; correct the condition; " +
      "spec.rules[2].when: unexpected character: =, at character 13, so the rule always denies; correct the condition",
  });
});

it("names the condition of a binding", () => {
  const conditional = (when: string) => binding("b", "viewer", "User:ann", "organization/acme", { when });
  expect(verdictOf(conditional("context.mfa"))).toMatchObject({ reason: "Accepted" });
  expect(verdictOf(conditional("subject.name"))).toEqual({
    reason: "InvalidCondition",
    message:
      "spec.when: it must be a bool, but is of type string, so the binding allows nothing, and Deny rules of its role count; correct the condition",
  });
});
