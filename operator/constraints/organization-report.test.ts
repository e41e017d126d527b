import { expect, test } from "vitest";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { build } from "../../test/worlds/build.ts";
import { reportOn } from "./organization-report.ts";

const EDGE = Date.parse("2026-03-01T12:00:00.000Z");

test.each([
  ["begins", { notBefore: "2026-03-01T12:00:00Z" }, EDGE],
  ["ends", { expiresAt: "2026-03-01T12:00:00Z" }, EDGE],
  // In whole milliseconds the binding is in force until the next one: looking earlier would find nothing new, for good.
  ["ends within a millisecond", { expiresAt: "2026-03-01T12:00:00.0005Z" }, EDGE + 1],
  ["never begins, because it names no time", { notBefore: "soon" }, Infinity],
  ["has no window", {}, Infinity],
])("a report is good until a binding %s", (_, window, until) => {
  const compiler = new DomainCompiler("shop");
  compiler.put(
    build("AccessRoleBinding", "ada", {
      role: "support",
      subjects: [{ kind: "User", name: "ada" }],
      scope: { kind: "Platform" },
      ...window,
    }),
  );
  const policy = loadCompiled(compiler.compile({}));
  expect(reportOn(compiler.world, policy, undefined, EDGE - 60_000).until).toBe(until);
  expect(reportOn(compiler.world, policy, undefined, EDGE + 60_000).until).toBe(Infinity);
});
