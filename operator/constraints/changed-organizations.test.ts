import { expect, test } from "vitest";
import type { Policy } from "../../engine/policy/policy.ts";
import { changedOrganizations, PLATFORM } from "./changed-organizations.ts";

const shared = { model: "m", platform: "p", "subjects/1": "s" };
const two = { ...shared, "organization/a": "a", "organization/b": "b" };

test.each([
  ["nothing", two, two, []],
  ["one organization", two, { ...two, "organization/b": "b2" }, ["b"]],
  ["one organization that appears", two, { ...two, "organization/c": "c" }, ["c"]],
  ["one organization that goes", two, { ...shared, "organization/a": "a" }, ["b"]],
  ["where scopes lie", two, { ...two, "directory/3": "d" }, []],
  ["the roles", two, { ...two, model: "m2" }, [PLATFORM, "a", "b"]],
  ["the grants at Platform", two, { ...two, platform: "p2" }, [PLATFORM, "a", "b"]],
  ["groups that appear", two, { ...two, "subjects/2": "t" }, [PLATFORM, "a", "b"]],
  [
    "groups that go together with an organization",
    two,
    { model: "m", platform: "p", "organization/a": "a" },
    [PLATFORM, "a", "b"],
  ],
])("what is to be looked at when another shard is of %s", (_, before, after, wanted) => {
  expect([...changedOrganizations(policyOf(before), policyOf(after))].sort()).toEqual(wanted);
});

test("a first policy is looked at as a whole", () => {
  expect([...changedOrganizations(undefined, policyOf(two))].sort()).toEqual([PLATFORM, "a", "b"]);
});

function policyOf(shards: Readonly<Record<string, string>>) {
  const ids = Object.keys(shards);
  const names = ids.filter((id) => id.startsWith("organization/")).map((id) => id.slice(13));
  return {
    manifest: { shards: ids.map((id) => ({ id, hash: shards[id]! })) },
    organizations: new Map(names.map((name) => [name, undefined])),
  } as unknown as Policy;
}
