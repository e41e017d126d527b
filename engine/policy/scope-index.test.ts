import { expect, test } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import { hashBytes } from "../model/hash.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "./load-compiled.ts";
import { type Organizations, ResidentOrganizations } from "./organizations.ts";
import type { Policy } from "./policy.ts";
import type { ScopeIndex } from "./scope-index.ts";

const objects: SidegateObject[] = [
  build("Organization", "acme", {}),
  build("Organization", "globex", {}),
  build("Environment", "prod", { organization: "acme", type: "production" }),
  build("Environment", "test", { organization: "globex", type: "staging" }),
  role("viewer", {}),
];

function organizationOf(scopes: ScopeIndex, environment: string) {
  const key = Buffer.from(`4${environment}`);
  return scopes.organizationOf(key, 0, key.length, hashBytes(key, 0, key.length));
}

function load(more: readonly SidegateObject[] = [], previous?: Policy): Policy {
  const compiler = new DomainCompiler("shop");
  for (const object of [...objects, ...more]) compiler.put(object);
  return loadCompiled(compiler.compile({}), previous);
}

test("Scopes are found in their organizations, at the first question and later ones", () => {
  const { scopes, organizations } = load();
  for (let time = 0; time < 2; time++) {
    expect(organizationOf(scopes, "prod")).toBe(organizations.get("acme"));
    expect(organizationOf(scopes, "test")).toBe(organizations.get("globex"));
    expect(organizationOf(scopes, "gone")).toBeUndefined();
  }
});

test("After a swap the changed organization is found and not the one before", () => {
  const before = load();
  const old = organizationOf(before.scopes, "prod");
  const after = load([binding("b", "viewer", "User:ann", "organization/acme")], before);
  const found = organizationOf(after.scopes, "prod");
  expect(found).toBe(after.organizations.get("acme"));
  expect(found).not.toBe(old);
  expect(organizationOf(before.scopes, "prod")).toBe(old);
  expect(organizationOf(after.scopes, "test")).toBe(organizationOf(before.scopes, "test"));
});

test("Organizations that are not all in memory are asked for each time", () => {
  const policy = load();
  const asked: string[] = [];
  class OnDemand extends ResidentOrganizations {
    override get(name: string) {
      asked.push(name);
      return super.get(name);
    }
  }
  const some = Object.assign(new OnDemand(policy.organizations), { isResident: false });
  const { scopes } = policy.withOrganizations(some as Organizations);
  for (let time = 0; time < 2; time++) organizationOf(scopes, "prod");
  expect(asked).toEqual(["acme", "acme"]);
});
