import { expect, test } from "vitest";
import { build, DOMAIN, role } from "../../test/worlds/build.ts";
import { ChangedWorld } from "../model/changed-world.ts";
import { finished } from "../model/finished.ts";
import type { AccessRole } from "../model/objects.generated.ts";
import { World } from "../model/world.ts";
import { judgeBreaches, type Sides } from "./judge-breaches.ts";

const RULES = [{ resources: ["logs"], verbs: ["view"] }];
const before = role("auditor", { includes: ["reader"] });

function sidesOf(after: AccessRole): Sides {
  const world = new World(DOMAIN);
  world.put(before);
  world.put(build("AccessConstraint", "apart", { separationOfDuty: { roles: ["auditor", "payer"] } }));
  const unwanted = () => {
    throw new Error("policies are compared");
  };
  return {
    before: world,
    after: new ChangedWorld(world, "AccessRole", "auditor", after),
    policyBefore: unwanted,
    policies: unwanted,
  };
}

const judged = (spec: Partial<AccessRole["spec"]>) => {
  const after = role("auditor", { includes: ["reader"], ...spec });
  return () => finished(judgeBreaches(sidesOf(after), before, after, 0));
};

test("A role that is given other rules breaks no constraint, whoever holds it", () => {
  expect(judged({ rules: RULES, displayName: "Auditor" })()).toEqual([]);
});

test.each<[string, Partial<AccessRole["spec"]>]>([
  ["includes other roles", { includes: ["payer"] }],
  ["may be assigned elsewhere", { assignableAt: ["Platform"] }],
  ["belongs to another organization", { organization: "acme" }],
])("A role that %s is judged by what all who hold it come to", (_what, spec) => {
  expect(judged(spec)).toThrow("policies are compared");
});
