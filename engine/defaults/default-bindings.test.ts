import { describe, expect, it } from "vitest";
import { build } from "../../test/worlds/build.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { World } from "../model/world.ts";
import { defaultBindings, defaultBindingsOf } from "./default-bindings.ts";
import { defaultBindingName, membershipOfDefault } from "./default-name.ts";

const domain = build("AccessDomain", "default", {
  defaultRoles: [
    { role: "member" },
    { role: "engineer", environmentTypes: ["development", "staging"] },
    { role: "observer", environmentTypes: ["production", "staging"] },
  ],
});
const acme = build("Organization", "acme", {});
const ann = build("Membership", "ann", {
  organization: "acme",
  subject: { kind: "User", name: "ann" },
  expiresAt: "2027-01-01T00:00:00Z",
});
const lab = build("Workspace", "lab", { organization: "acme" });

function worldOf(...objects: SidegateObject[]): World {
  const world = new World("shop");
  for (const object of objects) world.put(object);
  return world;
}

function given(world: World): string[] {
  return defaultBindings(world)
    .map(({ metadata, spec }) => `${metadata.name}: ${spec.role}`)
    .sort();
}

describe("Default bindings", () => {
  it("are given at the organization and at environments by type, in workspaces too; of two entries the first counts", () => {
    const world = worldOf(
      domain,
      acme,
      ann,
      lab,
      build("Environment", "dev", { organization: "acme", type: "development" }),
      build("Environment", "stage", { workspace: "lab", type: "staging" }),
      build("Environment", "demo", { workspace: "lab", type: "demo" }),
      build("Environment", "bare", { workspace: "lab" }),
    );
    expect(given(world)).toEqual([
      "default-ann-environment-dev: engineer",
      "default-ann-environment-stage: engineer",
      "default-ann-organization-acme: member",
    ]);
  });

  it("belong to the Membership, end with it and are known as defaults", () => {
    const [binding] = defaultBindings(worldOf(domain, acme, ann));
    expect(binding?.spec).toMatchObject({
      subjects: [{ kind: "User", name: "ann" }],
      expiresAt: "2027-01-01T00:00:00Z",
    });
    expect(membershipOfDefault(binding!)).toBe("ann");
  });

  it("are not given to a Membership that does not count, or without its organization", () => {
    const second = build("Membership", "bob", {
      organization: "acme",
      subject: { kind: "User", name: "ann" },
    });
    expect(defaultBindingsOf(worldOf(domain, acme, ann, second), "bob")).toEqual([]);
    expect(given(worldOf(domain, ann))).toEqual([]);
  });

  it("have names of at most 253 characters, cut ones told apart by a hash", () => {
    const [a, b] = ["a", "b"].map((end) => defaultBindingName("m", "Environment", "x".repeat(240) + end));
    expect(a).toMatch(/^default-m-environment-x+-[0-9a-f]{8}$/);
    expect(a).toHaveLength(253);
    expect(a).not.toBe(b);
    const longest = "x".repeat(253 - "default-m-environment-".length);
    expect(defaultBindingName("m", "Environment", longest)).toBe(`default-m-environment-${longest}`);
  });
});
