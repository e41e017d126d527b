import { expect, test } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { World } from "../../engine/model/world.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { build, DOMAIN } from "../../test/worlds/build.ts";
import { sidesOf } from "./sides-of.ts";

const stored = build("Organization", { name: "acme", resourceVersion: "5" }, {});
const object = build("Organization", "acme", { suspended: true });

/** The sides of an update, and what is done for them. */
function sidesWith(old: SidegateObject) {
  const done: string[] = [];
  const does = (what: string) => {
    done.push(what);
    return what as unknown;
  };
  const world = new World(DOMAIN);
  world.put(stored);
  const read = {
    world,
    compile: () => does("compile") as CompiledPolicy,
    compileWith: (_kind: string, _name: string, after: unknown) =>
      does(after === object ? "compile with it" : "compile with the old one") as CompiledPolicy,
  };
  const policies = {
    load: (compiled: unknown) => does(`load: ${compiled}`) as Policy,
    loadBeside: (compiled: unknown) => does(`load beside: ${compiled}`) as Policy,
  };
  const write = {
    domain: DOMAIN,
    kind: "Organization",
    name: "acme",
    old,
    object,
    isGivenAway: false,
  } as const;
  return { done, sides: sidesOf(read, policies, write) };
}

/** What is done from pause to pause. */
function stepsOf({ done, sides }: ReturnType<typeof sidesWith>): string[][] {
  const steps: string[][] = [];
  for (const work = sides.policies(); ; ) {
    const { done: isOver } = work.next();
    steps.push(done.splice(0));
    if (isOver) return steps.filter((step) => step.length > 0);
  }
}

test("Policies are compiled at one instant, and others are let in between all other work", () => {
  expect(stepsOf(sidesWith(stored))).toEqual([
    ["compile"],
    ["compile", "compile with it"],
    ["load: compile"],
    ["load beside: compile with it"],
  ]);
});

test("What is stored counts as it was sent, where it was not seen yet", () => {
  const unseen = build("Organization", { name: "acme", resourceVersion: "6" }, {});
  expect(stepsOf(sidesWith(unseen)).slice(1)).toEqual([
    ["compile with the old one", "compile with it"],
    ["load beside: compile with the old one"],
    ["load beside: compile with it"],
  ]);
});

test("Policies are made once", () => {
  const asked = sidesWith(stored);
  stepsOf(asked);
  expect(stepsOf(asked)).toEqual([]);
});
