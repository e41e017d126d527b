import { expect, test } from "vitest";
import type { JsonSchema, ValidationRule } from "./custom-resource-definition.ts";
import { compileSchema } from "./schema-node.ts";

const ruled = (rule: string): JsonSchema => ({
  type: "object",
  properties: { a: { type: "string" } },
  "x-kubernetes-validations": [{ rule, message: "no" } satisfies ValidationRule],
});

test.each<[string, JsonSchema, string]>([
  [
    "a keyword",
    { type: "string", oneOf: [] } as JsonSchema,
    "Kind.spec has what offline validation does not know: keyword oneOf",
  ],
  ["a format", { type: "string", format: "uri" }, "format uri"],
  ["a rule that does not parse", ruled("self.a =="), "self.a =="],
  ["a rule that is no boolean", ruled("1 + 1"), "is not boolean"],
  ["a rule over an unknown variable", ruled("this.a == 'x'"), "this.a == 'x'"],
  ["an unknown function", ruled("self.a.isURL()"), "isURL"],
  ["a property that is no CEL identifier", ruled("self.__namespace__ == 'x'"), "an escaped property name"],
  [
    "a rule about a change in a list",
    { type: "array", items: ruled("self == oldSelf") },
    "a rule about a change inside a list",
  ],
])("a schema with %s is refused when it is compiled", (_, schema, message) => {
  expect(() => compileSchema(schema, "Kind.spec")).toThrow(message);
});

test("a rule about a change is known by oldSelf", () => {
  const { rules } = compileSchema(ruled("self.a == oldSelf.a"), "Kind.spec");
  expect(rules.map((rule) => rule.isTransition)).toEqual([true]);
});
