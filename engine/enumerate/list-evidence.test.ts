import { describe, expect, test } from "vitest";
import { compile } from "../../test/properties/engine.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import type { JsonObject } from "../model/json.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { readClaims } from "../token/read-claims.ts";
import { findObstacle } from "./find-obstacle.ts";
import { listPermissions } from "./list-permissions.ts";
import { listScopes } from "./list-scopes.ts";

const NOW = Date.UTC(2026, 0, 1);

const policy = loadCompiled(
  compile([
    build("PermissionCatalog", "c", {
      resources: [{ name: "page", level: "Organization", verbs: [{ name: "read" }, { name: "write" }] }],
    }),
    build("Organization", "acme", {}),
    build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } }),
    role("reader", { rules: [{ resources: ["page"], verbs: ["read"] }] }),
    role("writer", { rules: [{ resources: ["page"], verbs: ["write"] }], includes: [] }),
    binding("r", "reader", "User:ann", "organization/acme"),
    binding("w", "writer", "User:ann", "organization/acme"),
    build("AccessConstraint", "apart", {
      separationOfDuty: { roles: ["reader", "writer"], atMost: 1, per: "Scope", mode: "Dynamic" },
    }),
    build("TokenPolicy", "portal", {
      issuer: "id",
      audiences: ["portal"],
      keys: { jwks: '{"keys":[]}' },
      narrowing: { claim: "may", selectors: [{ pattern: "page:[number]", attribute: "page" }] },
    }),
  ]),
);

const request = {
  subjectKind: "User",
  subjectName: "ann",
  groups: [] as readonly string[],
  permission: "",
  scope: "organization/acme",
  resourceName: "",
  activeRoles: ["reader"] as readonly string[],
};

const bearing = (claims: JsonObject) => ({
  ...request,
  token: readClaims(
    policy.model.tokenPolicies,
    { iss: "id", aud: "portal", sub: "ann", exp: NOW / 1000 + 60, ...claims },
    NOW,
  ),
});
const listed = (asked: Parameters<typeof listPermissions>[1]) => [...listPermissions(policy, asked, NOW)];
const obstacle = (asked: typeof request & Parameters<typeof listPermissions>[1]) =>
  findObstacle(policy, { scope: asked.scope, permission: asked.permission, asker: asked }, NOW);

describe("A token", () => {
  const token = bearing({ may: { "page:7": ["page:read"] } });

  test("makes what it leaves for some attributes hang on them", () => {
    const attribute = { kind: "TokenAttribute", detail: "page" };
    expect(listed(token)).toEqual([
      { permission: "page:read", holding: { certainty: "Conditional", dependsOn: [attribute] } },
    ]);
  });

  test("decides by the attributes that are sent, and no longer than it is valid", () => {
    const holding = { certainty: "Always", until: NOW + 60_000 };
    expect(listed({ ...token, resourceAttributes: { page: "7" } })).toEqual([
      { permission: "page:read", holding },
    ]);
    expect(listed({ ...token, resourceAttributes: { page: "8" } })).toEqual([]);
  });

  test("that is not valid, or is another's, lists nothing", () => {
    const expired = bearing({ exp: NOW / 1000 });
    const another = { ...token, subjectName: "bob" };
    expect([listed(expired), obstacle(expired)]).toEqual([[], "InvalidToken"]);
    expect([listed(another), obstacle(another)]).toEqual([[], "InvalidToken"]);
  });
});

describe("Active roles", () => {
  test("are the only ones whose Allow rules count", () => {
    expect(listed(request).map(({ permission }) => permission)).toEqual(["page:read"]);
    expect(listed({ ...request, activeRoles: ["writer"] }).map(({ permission }) => permission)).toEqual([
      "page:write",
    ]);
  });

  test("that must not be active together leave nothing", () => {
    const both = { ...request, activeRoles: [] };
    expect([listed(both), obstacle(both)]).toEqual([[], "SeparationOfDuty"]);
    expect([...listScopes(policy, both, NOW)].filter((entry) => entry !== undefined)).toEqual([]);
    expect(obstacle(request)).toBeUndefined();
  });
});

test("Nothing is listed where a check is stale or names a role that there is not", () => {
  expect(listed({ ...request, stale: true })).toEqual([]);
  expect(listed({ ...request, activeRoles: ["ghost"] })).toEqual([]);
});
