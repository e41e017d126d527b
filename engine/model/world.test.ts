import { describe, expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import type { SidegateObject } from "./objects.generated.ts";
import { World } from "./world.ts";

const DELETED = "2026-01-01T00:00:00Z";

function worldOf(...objects: SidegateObject[]): World {
  const world = new World("shop");
  for (const object of objects) world.put(object);
  return world;
}

function terminating<T extends SidegateObject>(object: T): T {
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: DELETED } };
}

function names(objects: Iterable<{ name: string }>): string[] {
  return [...objects].map((object) => object.name).sort();
}

describe("World", () => {
  it("replaces the object of the same kind and name, and forgets what the old one referred to", () => {
    const world = worldOf(
      binding("b", "old", "User:ann", "platform"),
      binding("b", "new", "User:ann", "platform"),
    );
    expect(world.count("AccessRoleBinding")).toBe(1);
    expect(names(world.dependents("AccessRole", "old"))).toEqual([]);
    expect(names(world.dependents("AccessRole", "new"))).toEqual(["b"]);
  });

  it("knows who refers to an object that does not exist", () => {
    const world = worldOf(binding("b", "missing", "AccessGroup:ops", "environment/prod"));
    expect(names(world.dependents("AccessRole", "missing"))).toEqual(["b"]);
    expect(names(world.dependents("AccessGroup", "ops"))).toEqual(["b"]);
    expect(names(world.dependents("Environment", "prod"))).toEqual(["b"]);
  });

  it("finds dependents through others, each once, in circles too", () => {
    const world = worldOf(
      role("a", { includes: ["b"] }),
      role("b", { includes: ["a"] }),
      binding("x", "a", "User:ann", "platform"),
    );
    expect(names(world.dependents("AccessRole", "b"))).toEqual(["a", "x"]);
  });

  it("does not have what is marked for deletion among what is live", () => {
    const world = worldOf(terminating(build("Organization", "acme", {})));
    expect(world.get("Organization", "acme")).toBeDefined();
    expect(world.live("Organization", "acme")).toBeUndefined();
    expect([...world.listLive("Organization")]).toEqual([]);
  });

  describe("a role that is marked for deletion", () => {
    const going = terminating(role("going", {}));

    it.each<[string, SidegateObject[], boolean]>([
      ["ends when nothing names it", [], false],
      ["goes on while a binding names it", [binding("b", "going", "User:ann", "platform")], true],
      [
        "goes on while a binding names a role that includes it through another",
        [
          role("a", { includes: ["b"] }),
          role("b", { includes: ["going"] }),
          binding("x", "a", "User:ann", "platform"),
        ],
        true,
      ],
      ["ends when it is only included", [role("a", { includes: ["going"] })], false],
      [
        "ends when it is only granted",
        [
          role("a", { grants: [{ roles: ["going"], levels: ["Platform"] }] }),
          binding("x", "a", "User:ann", "platform"),
        ],
        false,
      ],
      [
        "ends when the binding is marked too",
        [terminating(binding("b", "going", "User:ann", "platform"))],
        false,
      ],
    ])("%s", (_, others, isLive) => {
      const world = worldOf(going, ...others);
      expect(world.hasTerminatingRoles).toBe(true);
      expect(world.live("AccessRole", "going") !== undefined).toBe(isLive);
    });
  });

  it("knows the circles of includes as they are now", () => {
    const world = worldOf(role("a", { includes: ["b"] }), role("b", { includes: ["a"] }));
    expect([...world.includeCycles.keys()].sort()).toEqual(["a", "b"]);
    world.put(role("b", { includes: ["c"] }));
    expect(world.includeCycles.size).toBe(0);
    world.put(role("c", { includes: ["a"] }));
    expect(world.includeCycles.get("a")).toEqual({ size: 3, names: ["a", "b", "c"] });
    world.put(binding("holds", "c", "User:ann", "platform"));
    world.put(terminating(role("c", { includes: ["a"] })));
    expect(world.includeCycles.size).toBe(3);
    world.remove("AccessRoleBinding", "holds");
    expect(world.includeCycles.size).toBe(0);
    world.remove("AccessRole", "c");
    world.put(role("b", { includes: ["b"] }));
    expect([...world.includeCycles.keys()].sort()).toEqual(["a", "b"]);
  });
});
