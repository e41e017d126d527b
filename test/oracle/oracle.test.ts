import { describe, expect, it } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build, marked, role } from "../worlds/build.ts";
import { acme, atProd, denier, NOW, owner, question, viewer } from "./acme.ts";
import { createOracle } from "./oracle.ts";
import type { OracleRequest } from "./request.ts";

function ask(objects: readonly SidegateObject[], request: Partial<OracleRequest> = {}) {
  const { outcome, disclosure } = createOracle([...acme, ...objects]).decide(
    { ...question, ...request },
    NOW,
  );
  return disclosure === "None" ? outcome : `${outcome} ${disclosure}`;
}

type Row = [
  name: string,
  objects: readonly SidegateObject[],
  request: Partial<OracleRequest>,
  wanted: string,
];

describe("the oracle reads section 1", () => {
  const twice = (level: "Environment" | "Workspace") =>
    build("PermissionCatalog", "other", {
      resources: [
        {
          name: "doc",
          level,
          verbs: [{ name: "own", implies: ["edit"] }, { name: "edit", implies: ["view"] }, { name: "view" }],
        },
      ],
    });
  const goesOn = [marked(viewer), role("all", { includes: ["viewer"] })];
  it.each<Row>([
    ["a type declared twice alike is known", [viewer, atProd, twice("Environment")], {}, "Allowed"],
    [
      "a type declared twice with another level is unknown",
      [viewer, atProd, twice("Workspace")],
      {},
      "UnknownPermission NotFound",
    ],
    ["a marked catalog declares nothing", [viewer, atProd, marked(twice("Workspace"))], {}, "Allowed"],
    ["a marked binding gives nothing", [viewer, marked(atProd)], {}, "NoGrant NotFound"],
    ["a marked role goes on while a binding names it", [marked(viewer), atProd], {}, "Allowed"],
    [
      "a marked role goes on while a binding names what includes it",
      [...goesOn, binding("b", "all", "User:ann", "platform")],
      {},
      "Allowed",
    ],
    ["a marked role that nothing names is gone", goesOn, { activeRoles: ["viewer"] }, "InvalidRequest"],
    [
      "a marked organization takes its scopes with it",
      [
        viewer,
        binding("b", "viewer", "User:ann", "platform"),
        build("Environment", "x", { organization: "gone" }),
        marked(build("Organization", "gone", {})),
      ],
      { scope: "environment/x" },
      "UnknownScope NotFound",
    ],
    [
      "membership is in every domain",
      [
        role("m", { rules: [{ resources: ["*"], verbs: ["*"] }] }),
        binding("b", "m", "User:ann", "organization/acme"),
      ],
      { permission: "membership:create", scope: "organization/acme" },
      "Allowed",
    ],
    [
      "the first membership by name counts, even if it is over",
      [
        viewer,
        atProd,
        build("Membership", "aaa", {
          organization: "acme",
          subject: { kind: "User", name: "ann" },
          expiresAt: "2024-06-01T00:00:00Z",
        }),
      ],
      {},
      "NoGrant NotFound",
    ],
  ])("%s", (_, objects, request, wanted) => {
    expect(ask(objects, request)).toBe(wanted);
  });
});

describe("the oracle reads sections 3 and 4", () => {
  const group = (organization?: string) =>
    build("AccessGroup", "team", {
      members: [{ kind: "Group", name: "idp" }],
      ...(organization === undefined ? {} : { organization }),
    });
  const teamAt = (scope: string) => binding("b", "viewer", "AccessGroup:team", scope);
  const inGroup = { groups: ["idp"] };
  it.each<Row>([
    [
      "a grant applies below",
      [viewer, binding("b", "viewer", "User:ann", "workspace/lab")],
      { scope: "environment/test" },
      "Allowed",
    ],
    [
      "a grant does not apply beside",
      [viewer, binding("b", "viewer", "User:ann", "workspace/lab")],
      {},
      "NoGrant NotFound",
    ],
    [
      "a role that may not be assigned at the level gives nothing",
      [role("viewer", { assignableAt: ["Organization"], rules: viewer.spec.rules ?? [] }), atProd],
      {},
      "NoGrant NotFound",
    ],
    [
      "a tenant's role gives nothing elsewhere",
      [role("viewer", { organization: "rival", rules: viewer.spec.rules ?? [] }), atProd],
      {},
      "NoGrant NotFound",
    ],
    [
      "an asserted group gets what is bound to it",
      [viewer, binding("b", "viewer", "Group:idp", "environment/prod")],
      inGroup,
      "Allowed",
    ],
    [
      "asserting a name makes no member of a declared group",
      [viewer, group(), teamAt("environment/prod")],
      { groups: ["team"] },
      "NoGrant NotFound",
    ],
    [
      "a declared group may hold asserted ones",
      [viewer, group(), teamAt("environment/prod")],
      inGroup,
      "Allowed",
    ],
    [
      "everyone is authenticated",
      [viewer, binding("b", "viewer", "Group:system:authenticated", "platform")],
      { subjectName: "bob" },
      "Allowed",
    ],
    [
      "a group with organization counts for members",
      [viewer, group("acme"), teamAt("environment/prod")],
      inGroup,
      "Allowed",
    ],
    [
      "a group with organization does not count for others",
      [
        viewer,
        build("AccessDomain", "default", { membership: "Optional" }),
        group("acme"),
        teamAt("environment/prod"),
      ],
      { ...inGroup, subjectName: "bob" },
      "NoGrant NotFound",
    ],
    [
      "a group with organization may not be bound outside",
      [viewer, group("acme"), teamAt("platform")],
      inGroup,
      "NoGrant NotFound",
    ],
    [
      "its Deny rules count outside",
      [
        viewer,
        denier,
        group("rival"),
        binding("p", "viewer", "User:ann", "platform"),
        binding("d", "denier", "AccessGroup:team", "platform"),
      ],
      inGroup,
      "ExplicitDeny NotFound",
    ],
    [
      "without membership a grant in an organization gives nothing",
      [viewer, binding("b", "viewer", "User:bob", "environment/prod")],
      { subjectName: "bob" },
      "NoGrant NotFound",
    ],
    [
      "a grant at Platform needs none",
      [viewer, binding("b", "viewer", "User:bob", "platform")],
      { subjectName: "bob" },
      "Allowed",
    ],
    [
      "a window begins at notBefore",
      [viewer, { ...atProd, spec: { ...atProd.spec, notBefore: "2024-06-01T02:00:00+02:00" } }],
      {},
      "Allowed",
    ],
    [
      "a window ends before expiresAt",
      [viewer, { ...atProd, spec: { ...atProd.spec, expiresAt: "2024-06-01T00:00:00Z" } }],
      {},
      "NoGrant NotFound",
    ],
    [
      "a window ends within a millisecond",
      [viewer, { ...atProd, spec: { ...atProd.spec, expiresAt: "2024-06-01T00:00:00.000000001Z" } }],
      {},
      "Allowed",
    ],
    [
      "a window begins within a millisecond",
      [viewer, { ...atProd, spec: { ...atProd.spec, notBefore: "2024-06-01T00:00:00.0001Z" } }],
      {},
      "NoGrant NotFound",
    ],
    [
      "includes add rules",
      [
        viewer,
        role("all", { includes: ["viewer", "missing"] }),
        binding("b", "all", "User:ann", "environment/prod"),
      ],
      {},
      "Allowed",
    ],
    [
      "a forbidden include brings no Allow",
      [
        role("viewer", { organization: "acme", rules: viewer.spec.rules ?? [] }),
        role("all", { includes: ["viewer"] }),
        binding("b", "all", "User:ann", "environment/prod"),
      ],
      {},
      "NoGrant NotFound",
    ],
    [
      "a forbidden include brings Deny",
      [
        viewer,
        role("denier", { organization: "acme", rules: denier.spec.rules ?? [] }),
        role("all", { includes: ["denier", "viewer"] }),
        binding("b", "all", "User:ann", "environment/prod"),
      ],
      {},
      "ExplicitDeny NotFound",
    ],
    [
      "a cycle takes all Allow rules",
      [
        role("viewer", { ...viewer.spec, includes: ["all"] }),
        role("all", { includes: ["viewer"] }),
        role("top", { ...viewer.spec, includes: ["all"] }),
        binding("b", "top", "User:ann", "environment/prod"),
      ],
      {},
      "NoGrant NotFound",
    ],
    ["an active role that is held", [viewer, atProd], { activeRoles: ["viewer"] }, "Allowed"],
    [
      "an active role that is not held adds nothing",
      [viewer, role("other", { includes: ["viewer"] }), atProd],
      { activeRoles: ["other"] },
      "NoGrant Forbidden",
    ],
    [
      "active roles do not weaken a Deny",
      [viewer, denier, atProd, binding("d", "denier", "User:ann", "platform")],
      { activeRoles: ["viewer"] },
      "ExplicitDeny NotFound",
    ],
    [
      "a default's Deny rules do not count",
      [
        viewer,
        denier,
        atProd,
        {
          ...binding("d", "denier", "User:ann", "organization/acme"),
          metadata: {
            name: "default-ann-organization-acme",
            ownerReferences: [
              { apiVersion: "sidegate.dev/v1alpha1", kind: "Membership", name: "ann", uid: "1" },
            ],
          },
        },
      ],
      {},
      "Allowed",
    ],
    [
      "an error in a condition on an Allow does not match",
      [viewer, { ...atProd, spec: { ...atProd.spec, when: "context.hour < 9.0" } }],
      {},
      "NoGrant Forbidden",
    ],
    [
      "an error in a condition on a Deny matches",
      [viewer, denier, atProd, binding("d", "denier", "User:ann", "platform", { when: "context.x" })],
      {},
      "ExplicitDeny Forbidden",
    ],
  ])("%s", (_, objects, request, wanted) => {
    expect(ask(objects, request)).toBe(wanted);
  });
});

describe("the oracle reads section 5", () => {
  const own = [owner, binding("b", "owner", "User:ann", "environment/prod")];
  const named = (effect: "Allow" | "Deny") => [
    role("named", { rules: [{ effect, resources: ["doc"], verbs: ["view"], names: ["a", "b*"] }] }),
    binding("n", "named", "User:ann", "environment/prod"),
  ];
  it.each<Row>([
    ["malformed comes before all", own, { permission: "doc", stale: true }, "InvalidRequest"],
    ["a reserved type is malformed", own, { permission: "system:doc:view" }, "InvalidRequest"],
    [
      "stale comes before unknown active roles",
      own,
      { stale: true, activeRoles: ["nobody"] },
      "Stale Forbidden",
    ],
    ["an unknown active role is an error", own, { activeRoles: ["nobody"] }, "InvalidRequest"],
    ["an unknown scope", own, { scope: "environment/none" }, "UnknownScope NotFound"],
    ["an unknown verb", own, { permission: "doc:fly" }, "UnknownPermission Forbidden"],
    ["a wrong level", own, { permission: "bill:view" }, "WrongLevel Forbidden"],
    [
      "a suspended organization",
      [
        viewer,
        build("Organization", "idle", { suspended: true }),
        build("Environment", "idle", { organization: "idle" }),
        binding("b", "viewer", "User:ann", "platform"),
      ],
      { scope: "environment/idle" },
      "Suspended Forbidden",
    ],
    ["Allow on a verb allows what it implies", own, { permission: "doc:view" }, "Allowed"],
    [
      "Deny on a verb denies what implies it",
      [...own, denier, binding("d", "denier", "User:ann", "platform")],
      { permission: "doc:own" },
      "ExplicitDeny NotFound",
    ],
    ["an Allow with names needs a name", named("Allow"), {}, "NoGrant Forbidden"],
    ["an Allow with names matches a prefix", named("Allow"), { resourceName: "bcd" }, "Allowed"],
    [
      "an Allow with names does not match others",
      named("Allow"),
      { resourceName: "ab" },
      "NoGrant Forbidden",
    ],
    ["a Deny with names matches without a name", [...own, ...named("Deny")], {}, "ExplicitDeny Forbidden"],
    ["a Deny with names does not match others", [...own, ...named("Deny")], { resourceName: "c" }, "Allowed"],
    [
      "a scope above a visible one is visible",
      own,
      { permission: "bill:view", scope: "organization/acme" },
      "NoGrant Forbidden",
    ],
    [
      "membership shows nothing",
      [],
      { permission: "bill:view", scope: "organization/acme" },
      "NoGrant NotFound",
    ],
  ])("%s", (_, objects, request, wanted) => {
    expect(ask(objects, request)).toBe(wanted);
  });

  it("names the level of the type on WrongLevel", () => {
    const decision = createOracle(acme).decide(
      { ...question, permission: "bill:view", scope: "platform" },
      NOW,
    );
    expect(decision).toEqual({ outcome: "WrongLevel", disclosure: "NotFound", level: 2 });
  });
});
