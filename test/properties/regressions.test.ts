import { describe, expect, it } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { createOracle } from "../oracle/oracle.ts";
import type { OracleRequest } from "../oracle/request.ts";
import { binding, build, role } from "../worlds/build.ts";
import { createEngine } from "./engine.ts";

// Each case is one that a law of this folder found, at its smallest, named after what went wrong. The engine and the
// oracle have to agree on it, since either may have been the one that erred.

const catalog = build("PermissionCatalog", "core", {
  resources: [
    { name: "sys", level: "Platform", verbs: [{ name: "view" }] },
    { name: "job", level: "Workspace", verbs: [{ name: "view" }] },
  ],
});
const viewer = role("viewer", { rules: [{ resources: ["*"], verbs: ["*"] }] });
const denier = role("denier", { rules: [{ effect: "Deny", resources: ["*"], verbs: ["*"] }] });

const full: OracleRequest = {
  subjectKind: "User",
  subjectName: "ann",
  groups: [],
  permission: "sys:view",
  scope: "platform",
  resourceName: "",
  activeRoles: [],
};

function decisions(
  objects: readonly SidegateObject[],
  request: Partial<OracleRequest>,
  now: string,
): string[] {
  return [createEngine, createOracle].map(
    (create) => create(objects).decide({ ...full, ...request }, Date.parse(now)).outcome,
  );
}

describe("a window whose ends are finer than a millisecond", () => {
  const during = (window: { notBefore?: string; expiresAt?: string }) => [
    catalog,
    viewer,
    binding("b", "viewer", "User:ann", "platform", window),
  ];

  it("began up to a millisecond early", () => {
    const objects = during({ notBefore: "2024-01-01T11:59:59.999999Z" });
    expect(decisions(objects, {}, "2024-01-01T11:59:59.999Z")).toEqual(["NoGrant", "NoGrant"]);
    expect(decisions(objects, {}, "2024-01-01T12:00:00.000Z")).toEqual(["Allowed", "Allowed"]);
  });

  it("ended up to a millisecond early", () => {
    const objects = during({ expiresAt: "2024-01-01T12:00:00.000000001Z" });
    expect(decisions(objects, {}, "2024-01-01T12:00:00.000Z")).toEqual(["Allowed", "Allowed"]);
    expect(decisions(objects, {}, "2024-01-01T12:00:00.001Z")).toEqual(["NoGrant", "NoGrant"]);
  });
});

it("a binding at a workspace counted as a default, so that its Deny rules were dropped", () => {
  const metadata = {
    name: "default-m1-workspace-w",
    ownerReferences: [{ apiVersion: "sidegate.dev/v1alpha1", kind: "Membership", name: "m1", uid: "1" }],
  };
  const objects = [
    catalog,
    denier,
    build("Organization", "a", {}),
    build("Workspace", "w", { organization: "a" }),
    { ...binding("", "denier", "User:ann", "workspace/w"), metadata },
  ];
  const request = { permission: "job:view", scope: "workspace/w" };
  expect(decisions(objects, request, "2024-01-01T12:00:00Z")).toEqual(["ExplicitDeny", "ExplicitDeny"]);
});

it("a default that breaks a separation of duty by itself counted for another constraint", () => {
  const metadata = {
    name: "default-m1-organization-a",
    ownerReferences: [{ apiVersion: "sidegate.dev/v1alpha1", kind: "Membership", name: "m1", uid: "1" }],
  };
  const objects = [
    catalog,
    build("Organization", "a", {}),
    build("Workspace", "w", { organization: "a" }),
    build("Membership", "m1", { organization: "a", subject: { kind: "User", name: "ann" } }),
    role("one", { includes: ["two"] }),
    role("two", {}),
    role("three", { rules: [{ resources: ["*"], verbs: ["*"] }] }),
    { ...binding("", "one", "User:ann", "organization/a"), metadata },
    binding("b", "three", "User:ann", "workspace/w"),
    build("AccessConstraint", "n1", { separationOfDuty: { roles: ["one", "two"] } }),
    build("AccessConstraint", "n2", { separationOfDuty: { roles: ["two", "three"], mode: "Dynamic" } }),
  ];
  const request = { permission: "job:view", scope: "workspace/w" };
  expect(decisions(objects, request, "2024-01-01T12:00:00Z")).toEqual(["Allowed", "Allowed"]);
});

it.each<[string, Partial<OracleRequest>]>([
  ["nobody", { subjectKind: "", subjectName: "" }],
  ["another than its token", { subjectName: "bob" }],
])(
  "a stale policy told a request that names %s, with a token that is not good, what there is",
  (_, named) => {
    const policy = build("TokenPolicy", "t", {
      issuer: "id",
      audiences: ["app"],
      keys: { jwks: "{}" },
      narrowing: { claim: "may", selectors: [{ pattern: "x:*", attribute: "x" }] },
    });
    const objects = [catalog, viewer, policy, binding("b", "viewer", "Group:idp", "platform")];
    const aud = named.subjectName === "" ? "else" : "app";
    const request: OracleRequest = {
      ...full,
      ...named,
      groups: ["idp"],
      token: { claims: { iss: "id", aud, sub: "ann" } },
      stale: true,
    };
    for (const create of [createEngine, createOracle]) {
      expect(create(objects).decide(request, 0)).toEqual({
        outcome: "Stale",
        disclosure: "NotFound",
        level: 0,
      });
    }
  },
);
