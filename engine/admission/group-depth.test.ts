import { expect, test } from "vitest";
import { build } from "../../test/worlds/build.ts";
import { World } from "../model/world.ts";
import { longestChain } from "./group-depth.ts";

/** A world with groups, written "a: b c" for one that holds two others. */
function worldOf(...groups: string[]): World {
  const world = new World("shop");
  for (const text of groups) {
    const [name = "", members = ""] = text.split(":");
    const held = members.split(" ").filter((member) => member !== "");
    world.put(
      build("AccessGroup", name, { members: held.map((group) => ({ kind: "AccessGroup", name: group })) }),
    );
  }
  return world;
}

test.each<[string, World, number]>([
  ["a group alone", worldOf("a:"), 1],
  ["no group", worldOf("b:"), 0],
  ["the middle of a chain", worldOf("x:a", "a:b", "b:c", "c:"), 4],
  ["one that is missing ends a chain", worldOf("a:gone"), 1],
  ["of two ways the longer", worldOf("a:b c", "b:c", "c:d", "d:"), 4],
  ["a circle, each once", worldOf("a:b", "b:c", "c:a"), 3],
  ["a circle with a tail and a head", worldOf("x:a", "a:b", "b:a t", "t:"), 4],
  ["a group that holds itself", worldOf("a:a"), 1],
])("The longest chain through a group: %s", (_name, world, wanted) => {
  expect(longestChain(world, "a")).toBe(wanted);
});
