import { describe, expect, test } from "vitest";
import { compile } from "../../test/properties/engine.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import type { Holding } from "./holding.ts";
import { listPermissions } from "./list-permissions.ts";
import { listScopes } from "./list-scopes.ts";
import { listSubjects } from "./list-subjects.ts";

const NOW = Date.UTC(2026, 0, 1);
const at = (day: number) => new Date(NOW + day * 86_400_000).toISOString();
const day = (holding: Holding) =>
  holding.certainty === "Always" ? (holding.until - NOW) / 86_400_000 : holding.dependsOn;

const base: readonly SidegateObject[] = [
  build("PermissionCatalog", "c", {
    resources: [
      { name: "logs", level: "Environment", verbs: [{ name: "view" }, { name: "edit", implies: ["view"] }] },
      { name: "logs-x", level: "Environment", verbs: [{ name: "view" }] },
      { name: "system", level: "Platform", verbs: [{ name: "view" }] },
    ],
  }),
  build("Organization", "acme", {}),
  build("Organization", "globex", {}),
  build("Environment", "prod", { organization: "acme" }),
  build("Environment", "test", { organization: "globex" }),
  build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } }),
  build("Membership", "bob", { organization: "acme", subject: { kind: "User", name: "bob" } }),
  build("Membership", "cid", { organization: "globex", subject: { kind: "User", name: "cid" } }),
  role("viewer", { rules: [{ resources: ["logs", "logs-x", "system"], verbs: ["view"] }] }),
  role("editor", { rules: [{ resources: ["logs"], verbs: ["edit"] }] }),
  role("muted", { rules: [{ effect: "Deny", resources: ["logs"], verbs: ["view"] }] }),
];

const request = {
  subjectKind: "User",
  subjectName: "ann",
  groups: [] as readonly string[],
  permission: "logs:view",
  scope: "environment/prod",
  resourceName: "",
  activeRoles: [] as readonly string[],
};

const policyOf = (...objects: readonly SidegateObject[]) => loadCompiled(compile([...base, ...objects]));
const permissionsIn = (...objects: readonly SidegateObject[]) =>
  [...listPermissions(policyOf(...objects), request, NOW)].map(({ permission, holding }) => [
    permission,
    day(holding),
  ]);
const subjectsIn = (asked: Partial<typeof request>, ...objects: readonly SidegateObject[]) =>
  [...listSubjects(policyOf(...objects), { ...request, ...asked }, NOW)].flatMap((found) =>
    found === undefined ? [] : [`${found.kind}:${found.name}`],
  );

const ann = "User:ann";
const prod = "environment/prod";

describe("Until", () => {
  test("is the end of the grant, of the membership, or the beginning of a Deny, whichever comes first", () => {
    const grant = binding("a", "viewer", ann, prod, { expiresAt: at(5) });
    const later = binding("d", "muted", ann, prod, { notBefore: at(3) });
    expect(permissionsIn(grant)).toEqual([
      ["logs-x:view", 5],
      ["logs:view", 5],
    ]);
    expect(permissionsIn(grant, later)).toEqual([
      ["logs-x:view", 5],
      ["logs:view", 3],
    ]);
    const membership = build("Membership", "ann", {
      organization: "acme",
      subject: { kind: "User", name: "ann" },
      expiresAt: at(2),
    });
    expect(permissionsIn(grant, membership)).toEqual([
      ["logs-x:view", 2],
      ["logs:view", 2],
    ]);
  });

  test("goes on where another grant takes over, and is never where nothing ends", () => {
    const relay = [
      binding("a", "editor", ann, prod, { expiresAt: at(5) }),
      binding("b", "editor", ann, prod, { notBefore: at(4), expiresAt: at(8) }),
    ];
    expect(permissionsIn(...relay)).toEqual([
      ["logs:edit", 8],
      ["logs:view", 8],
    ]);
    expect(permissionsIn(binding("a", "editor", ann, prod))).toEqual([
      ["logs:edit", Number.POSITIVE_INFINITY],
      ["logs:view", Number.POSITIVE_INFINITY],
    ]);
  });

  test("is the beginning of a conflict", () => {
    const exclusive = build("AccessConstraint", "one", {
      exclusive: { roles: ["editor", "viewer"], per: "Scope" },
    });
    const later = binding("b", "editor", ann, prod, { notBefore: at(3) });
    expect(permissionsIn(binding("a", "viewer", ann, prod), later, exclusive)).toEqual([
      ["logs-x:view", 3],
      ["logs:view", Number.POSITIVE_INFINITY],
    ]);
  });

  test("is the membership of a group's organization, through which the group counts", () => {
    const cleaners = build("AccessGroup", "cleaners", {
      organization: "acme",
      members: [{ kind: "User", name: "ann" }],
    });
    const membership = build("Membership", "ann", {
      organization: "acme",
      subject: { kind: "User", name: "ann" },
      expiresAt: at(2),
    });
    const nested = build("AccessGroup", "all", { members: [{ kind: "AccessGroup", name: "cleaners" }] });
    const optional = build("AccessDomain", "default", { membership: "Optional" });
    const grant = binding("a", "viewer", "AccessGroup:all", "platform");
    expect(permissionsIn(cleaners, nested, membership, optional, grant)).toEqual([
      ["logs-x:view", 2],
      ["logs:view", 2],
    ]);
  });

  test("may be early where more than 64 things begin or end, and never late", () => {
    const grants = Array.from({ length: 100 }, (_, i) =>
      binding(`b${i}`, "viewer", ann, prod, { notBefore: at(i - 1), expiresAt: at(i + 1) }),
    );
    const [[, until] = []] = permissionsIn(...grants) as [string, number][];
    expect(until).toBeGreaterThan(60);
    expect(until).toBeLessThanOrEqual(100);
  });
});

describe("Subjects", () => {
  test("are those that a binding, or a group in a bound group, gives the permission", () => {
    const inner = build("AccessGroup", "inner", {
      members: [
        { kind: "ServiceAccount", name: "ci/bot" },
        { kind: "Group", name: "idp" },
      ],
    });
    const outer = build("AccessGroup", "outer", { members: [{ kind: "AccessGroup", name: "inner" }] });
    const bot = build("Membership", "bot", {
      organization: "acme",
      subject: { kind: "ServiceAccount", name: "ci/bot" },
    });
    const grants = [
      binding("a", "viewer", [ann, "User:cid"], prod),
      binding("b", "editor", "AccessGroup:outer", "organization/acme"),
    ];
    expect(subjectsIn({}, inner, outer, bot, ...grants)).toEqual([ann, "ServiceAccount:ci/bot", "Group:idp"]);
  });

  test("are all members where system:authenticated has it in their organization", () => {
    const grant = binding("a", "viewer", "Group:system:authenticated", "organization/acme");
    expect(subjectsIn({}, grant)).toEqual([ann, "User:bob", "Group:system:authenticated"]);
  });

  test("are all of whom the policy knows where system:authenticated has it at Platform", () => {
    const grant = binding("a", "viewer", "Group:system:authenticated", "platform");
    const everyone = [ann, "User:bob", "User:cid", "Group:system:authenticated"];
    expect(subjectsIn({ permission: "system:view", scope: "platform" }, grant)).toEqual(everyone);
    expect(subjectsIn({}, grant)).toEqual(everyone);
  });

  test("are named only if a check may name them, but for those in whose name the operator asks", () => {
    const names = ["User:k8s:jane", "User:system:x", "Group:token:none", "Group:k8s:team", "User:zoe"];
    const optional = build("AccessDomain", "default", { membership: "Optional" });
    const policy = policyOf(binding("a", "viewer", names, prod), optional);
    const found = [...listSubjects(policy, request, NOW)].filter((entry) => entry !== undefined);
    expect(found.map(({ name, holding }) => [name, day(holding)])).toEqual([
      ["k8s:jane", [{ kind: "Operator", detail: "k8s:jane" }]],
      ["zoe", Number.POSITIVE_INFINITY],
      [
        "k8s:team",
        [
          { kind: "Group", detail: "k8s:team" },
          { kind: "Operator", detail: "k8s:team" },
        ],
      ],
    ]);
  });

  test("who bear a token are one entry, which its claims may narrow", () => {
    const grant = binding("a", "viewer", "Group:token:portal", "platform");
    const portal = build("TokenPolicy", "portal", {
      issuer: "id",
      audiences: ["portal"],
      keys: { jwks: '{"keys":[]}' },
      narrowing: { claim: "may", selectors: [{ pattern: "page:*", attribute: "page" }] },
    });
    const [found] = [
      ...listSubjects(
        policyOf(grant, portal),
        { ...request, permission: "system:view", scope: "platform" },
        NOW,
      ),
    ];
    expect(found).toMatchObject({
      kind: "Group",
      name: "token:portal",
      holding: { certainty: "Conditional", dependsOn: [{ kind: "Group", detail: "token:portal" }] },
    });
  });
});

describe("Scopes", () => {
  test("stand Platform first, then by organization, level and name; suspended ones are left out", () => {
    const policy = policyOf(
      build("Organization", "frozen", { suspended: true }),
      build("Environment", "ice", { organization: "frozen" }),
      build("Workspace", "a", { organization: "globex" }),
      build("Environment", "a-1", { workspace: "a" }),
      binding("p", "viewer", ann, "platform"),
    );
    const found = [...listScopes(policy, { ...request, permission: "" }, NOW)];
    expect(found.flatMap((entry) => entry?.scope ?? [])).toEqual([
      "platform",
      "environment/prod",
      "environment/a-1",
      "environment/test",
    ]);
    const after = found.find((entry) => entry?.scope === "environment/a-1")!.key;
    const rest = [...listScopes(policy, { ...request, permission: "" }, NOW, after)];
    expect(rest.flatMap((entry) => entry?.scope ?? [])).toEqual(["environment/test"]);
  });

  test("with any permission are held as long as one of them is, whichever", () => {
    const policy = policyOf(
      role("x-viewer", { rules: [{ resources: ["logs-x"], verbs: ["view"] }] }),
      binding("a", "editor", ann, prod, { expiresAt: at(2) }),
      binding("b", "x-viewer", ann, prod, { notBefore: at(1), expiresAt: at(3) }),
    );
    const found = [...listScopes(policy, { ...request, permission: "" }, NOW)];
    expect(found.flatMap((entry) => (entry === undefined ? [] : [day(entry.holding)]))).toEqual([3]);
  });

  test("with any permission hang on what all of them hang on", () => {
    const policy = policyOf(
      role("named", { rules: [{ resources: ["logs"], verbs: ["edit"], names: ["a"] }] }),
      role("conditional", { rules: [{ resources: ["logs-x"], verbs: ["*"], when: "has(context.a)" }] }),
      binding("a", "named", ann, prod),
      binding("b", "conditional", ann, prod),
    );
    const [found] = [...listScopes(policy, { ...request, permission: "" }, NOW)].filter(
      (entry) => entry !== undefined,
    );
    expect(found?.holding).toEqual({
      certainty: "Conditional",
      dependsOn: [
        { kind: "Names", detail: "a" },
        { kind: "Condition", detail: "has(context.a)" },
      ],
    });
  });
});

describe("What a result hangs on", () => {
  test("is Deny alone where a plain Allow gives it", () => {
    const objects = [
      role("named", { rules: [{ resources: ["logs"], verbs: ["view"], names: ["a*"] }] }),
      role("guarded", {
        rules: [
          { effect: "Deny", resources: ["logs"], verbs: ["view"], names: ["s*"], when: "has(context.b)" },
        ],
      }),
      binding("a", "named", ann, prod, { when: "has(context.c)" }),
      binding("d", "guarded", ann, prod, { when: "has(context.d)" }),
    ];
    const denies = [
      { kind: "DenyCondition", detail: "has(context.d)" },
      { kind: "DenyNames", detail: "s*" },
      { kind: "DenyCondition", detail: "has(context.b)" },
    ];
    expect(permissionsIn(...objects)).toEqual([
      [
        "logs:view",
        [{ kind: "Condition", detail: "has(context.c)" }, { kind: "Names", detail: "a*" }, ...denies],
      ],
    ]);
    expect(permissionsIn(...objects, binding("p", "viewer", ann, prod))).toContainEqual([
      "logs:view",
      denies,
    ]);
  });
});
