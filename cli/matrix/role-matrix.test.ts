import { describe, expect, it } from "vitest";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { compile } from "../../test/properties/engine.ts";
import { anObject, worldOf } from "../../test/support/objects.ts";
import { formatMatrix } from "./format-matrix.ts";
import { type MatrixFilter, roleMatrix } from "./role-matrix.ts";

const objects = [
  anObject("PermissionCatalog", "main", {
    resources: [
      { name: "logs", level: "Environment", verbs: [{ name: "view" }, { name: "retry", implies: ["view"] }] },
      { name: "bills", level: "Organization", verbs: [{ name: "pay" }] },
    ],
  }),
  anObject("Organization", "acme", {}),
  anObject("AccessRole", "viewer", {
    assignableAt: ["Environment"],
    rules: [
      { resources: ["logs"], verbs: ["view"] },
      { resources: ["bills"], verbs: ["pay"] },
    ],
  }),
  anObject("AccessRole", "retrier", {
    assignableAt: ["Organization"],
    includes: ["viewer"],
    rules: [{ resources: ["logs"], verbs: ["retry"], names: ["app-*"], when: "context.urgent" }],
  }),
  anObject("AccessRole", "blocked", {
    assignableAt: ["Organization"],
    includes: ["retrier"],
    rules: [{ effect: "Deny", resources: ["logs"], verbs: ["view"] }],
  }),
  anObject("AccessRole", "acme-half", {
    assignableAt: ["Organization"],
    organization: "acme",
    rules: [
      { resources: ["bills"], verbs: ["*"] },
      { effect: "Deny", resources: ["bills"], verbs: ["pay"], names: ["secret"] },
    ],
  }),
];

function matrixOf(filter?: MatrixFilter) {
  const world = worldOf(...objects);
  return roleMatrix(world, loadCompiled(compile(objects)), filter);
}

describe("roleMatrix", () => {
  const { cells } = matrixOf();
  const cell = (role: string, permission: string) =>
    cells.find((one) => one.role === role && one.permission === permission);

  it("follows includes and tells where the rules stand", () => {
    expect(cell("retrier", "bills:pay")).toEqual({
      role: "retrier",
      permission: "bills:pay",
      allow: "Always",
      from: ["viewer"],
    });
    expect(cell("retrier", "logs:view")).toMatchObject({ allow: "Always", from: ["retrier", "viewer"] });
  });

  it("tells the names and conditions that an Allow hangs on", () => {
    expect(cell("retrier", "logs:retry")).toEqual({
      role: "retrier",
      permission: "logs:retry",
      allow: "Sometimes",
      from: ["retrier"],
      names: ["app-*"],
      conditions: ["context.urgent"],
    });
  });

  it("shows that a Deny takes away what implies the verb", () => {
    expect(cell("blocked", "logs:retry")).toMatchObject({ allow: "Sometimes", deny: "Always" });
    expect(cell("acme-half", "bills:pay")).toMatchObject({ allow: "Always", deny: "Sometimes" });
  });

  it("knows an Allow that never counts, since the role may be assigned only below", () => {
    expect(cell("viewer", "bills:pay")).toMatchObject({ allow: "Never" });
  });

  it("has no cell where no rule says anything", () => {
    expect(cell("viewer", "logs:retry")).toBeUndefined();
  });

  it("selects levels, roles and the roles of an organization", () => {
    expect(matrixOf({ levels: ["Organization"] }).permissions.map(({ name }) => name)).toEqual([
      "bills:pay",
      "membership:create",
      "membership:delete",
    ]);
    expect(matrixOf({ roles: ["viewer"] }).roles.map(({ name }) => name)).toEqual(["viewer"]);
    const names = (organization: string) => matrixOf({ organization }).roles.map(({ name }) => name);
    expect(names("acme")).toEqual(["acme-half", "blocked", "retrier", "viewer"]);
    expect(names("other")).toEqual(["blocked", "retrier", "viewer"]);
  });
});

describe("formatMatrix", () => {
  const matrix = matrixOf({ levels: ["Environment"] });

  it("writes a table with its legend", () => {
    expect(formatMatrix("table", matrix).split("\n").slice(0, 3)).toEqual([
      "permission  level        acme-half (acme)  blocked  retrier  viewer",
      "logs:retry  Environment                    -        (x)",
      "logs:view   Environment                    -        x        x",
    ]);
  });

  it("writes Markdown and CSV", () => {
    expect(formatMatrix("markdown", matrix)).toContain("\n| logs:retry | Environment |  | - | (x) |  |\n");
    const csv = formatMatrix("csv", matrixOf({ levels: ["Organization"], roles: ["acme-half", "retrier"] }));
    expect(csv.split("\n").slice(0, 2)).toEqual([
      "permission,level,acme-half (acme),retrier",
      'bills:pay,Organization,"allow, deny sometimes","allow, included"',
    ]);
  });

  it("writes JSON that is the matrix", () => {
    expect(JSON.parse(formatMatrix("json", matrix))).toEqual(matrix);
  });
});
