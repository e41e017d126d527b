import { expect, test } from "vitest";
import { compile } from "../../test/properties/engine.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { listGrantable } from "./list-grantable.ts";

const objects = [
  build("AccessDomain", "default", { membership: "Optional" }),
  build("Organization", "a", {}),
  build("Organization", "a-b", {}),
  build("Workspace", "w", { organization: "a" }),
  build("Environment", "e", { workspace: "w" }),
  build("Environment", "f", { organization: "a" }),
  build("Environment", "g", { organization: "a-b" }),
  role("dev", { assignableAt: ["Environment"] }),
  role("lead", { assignableAt: ["Workspace", "Organization"] }),
  role("boss", {
    grants: [{ roles: ["lead", "dev"], levels: ["Organization", "Workspace", "Environment"] }],
  }),
  role("host", { grants: [{ roles: ["dev"], levels: ["Environment"], verbs: ["Give"] }] }),
  binding("b1", "boss", "User:ann", "organization/a"),
  binding("b2", "host", "User:ann", "platform"),
];
const policy = loadCompiled(compile(objects));

function list(scope: string, after = "") {
  const actor = {
    subjectKind: "User",
    subjectName: "ann",
    groups: [],
    permission: "",
    scope,
    resourceName: "",
    activeRoles: [],
  };
  return [...listGrantable(policy, actor, 0, after)].filter((entry) => entry !== undefined);
}

const lines = (scope: string, after?: string) =>
  list(scope, after).map(({ scope: at, role: name, give, take }) => {
    return `${name} at ${at}:${give ? " give" : ""}${take ? " take" : ""}`;
  });

test("lists what may be given and taken at the scope and below, at the levels where the role may be assigned", () => {
  expect(lines("platform")).toEqual([
    "lead at organization/a: give take",
    "lead at workspace/w: give take",
    "dev at environment/e: give take",
    "dev at environment/f: give take",
    "dev at environment/g: give",
  ]);
  expect(lines("workspace/w")).toEqual(["lead at workspace/w: give take", "dev at environment/e: give take"]);
  expect(lines("organization/a-b")).toEqual(["dev at environment/g: give"]);
  expect(lines("organization/gone")).toEqual([]);
});

test("goes on after any entry", () => {
  const all = list("platform");
  for (const [index, { key }] of all.entries()) {
    expect(list("platform", key)).toEqual(all.slice(index + 1));
  }
});
