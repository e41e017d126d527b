import { describe, expect, test } from "vitest";
import { compile } from "../../test/properties/engine.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import type { DecisionRequest } from "../decide/request.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import type { TokenEvidence } from "../token/token-evidence.ts";
import { canGrant } from "./can-grant.ts";
import type { GrantQuestion } from "./grant-question.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const user = (name: string) => ({ kind: "User", name }) as const;

const stage: readonly SidegateObject[] = [
  build("Organization", "acme", {}),
  build("Organization", "zeta", {}),
  build("Environment", "prod", { organization: "acme" }),
  build("Membership", "ann", { organization: "acme", subject: user("ann"), attributes: { team: "red" } }),
  build("Membership", "bob", { organization: "acme", subject: user("bob") }),
  role("dev", { assignableAt: ["Environment"] }),
  role("ops", { assignableAt: ["Environment", "Organization"] }),
  role("own", { organization: "zeta" }),
  role("boss", {
    grants: [{ roles: ["dev", "ops", "own"], levels: ["Organization", "Environment"] }],
  }),
  binding("boss", "boss", "User:ann", "organization/acme"),
];

function ask(
  question: Partial<GrantQuestion>,
  actor: Partial<DecisionRequest> = {},
  ...others: readonly SidegateObject[]
): string {
  const whole: GrantQuestion = {
    actor: {
      subjectKind: "User",
      subjectName: "ann",
      groups: [],
      permission: "",
      scope: "environment/prod",
      resourceName: "",
      activeRoles: [],
      ...actor,
    },
    verb: "Give",
    role: "dev",
    target: user("bob"),
    ...question,
  };
  const answer = canGrant(loadCompiled(compile([...stage, ...others])), whole, NOW);
  if ("field" in answer) return answer.field;
  return answer.allowed ? "yes" : answer.reason;
}

const token = (isPresent: boolean, otherwise: "Allow" | "Deny", subject = "ann"): TokenEvidence => ({
  valid: true,
  policy: "t",
  subject,
  claims: {},
  narrowing: { members: [], otherwise, isPresent },
});

describe("What the actor is asked", () => {
  test.each<[string, string, Partial<DecisionRequest>]>([
    ["nothing more", "yes", {}],
    ["a policy that is fresh", "Stale", { stale: true }],
    ["a token that is valid", "InvalidToken", { token: { valid: false, detail: "" } }],
    ["a token of its own", "InvalidToken", { token: token(false, "Allow", "bob") }],
    ["a token that does not narrow", "TokenDenied", { token: token(true, "Allow") }],
    ["a claim, where there must be one", "TokenDenied", { token: token(false, "Deny") }],
    ["nothing of a token that does not", "yes", { token: token(false, "Allow") }],
    [
      "nothing of a token that says who",
      "yes",
      { token: token(false, "Allow"), subjectKind: "", subjectName: "" },
    ],
    ["active roles that exist", "active_roles", { activeRoles: ["gone"] }],
    ["the active role that has the right", "yes", { activeRoles: ["boss"] }],
    ["no other active role", "NoGrant", { activeRoles: ["ops"] }],
    ["a scope that exists", "UnknownScope", { scope: "environment/gone" }],
    ["to hold the right there or above", "NoGrant", { scope: "platform" }],
    ["to be a subject", "subject.kind", { subjectKind: "Robot" }],
  ])("%s: %s", (_name, wanted, actor) => {
    expect(ask({}, actor)).toBe(wanted);
  });

  const grants = [{ roles: ["dev"], levels: ["Environment"] }] as const;
  test.each<[string, string, SidegateObject[]]>([
    ["whose condition is true", "yes", [binding("x", "boss", "User:bob", "platform", { when: "true" })]],
    [
      "whose condition needs context",
      "NoGrant",
      [binding("x", "boss", "User:bob", "platform", { when: "context.a == 1" })],
    ],
    [
      "whose condition needs a resource",
      "NoGrant",
      [binding("x", "boss", "User:bob", "platform", { when: "resource.type != 'x'" })],
    ],
    [
      "whose condition asks for the scope",
      "yes",
      [binding("x", "boss", "User:bob", "platform", { when: "scope.name == 'prod'" })],
    ],
    [
      "that ends today",
      "yes",
      [binding("x", "boss", "User:bob", "platform", { expiresAt: "2026-01-01T00:00:01Z" })],
    ],
    [
      "that is over",
      "NoGrant",
      [binding("x", "boss", "User:bob", "platform", { expiresAt: "2026-01-01T00:00:00Z" })],
    ],
    [
      "of a role that includes the right",
      "yes",
      [role("top", { includes: ["boss"] }), binding("x", "top", "User:bob", "platform")],
    ],
    [
      "of a role on a circle",
      "NoGrant",
      [role("top", { includes: ["top"], grants }), binding("x", "top", "User:bob", "platform")],
    ],
    [
      "of a role that includes the right from another organization",
      "NoGrant",
      [
        role("low", { organization: "acme", grants }),
        role("top", { includes: ["low"] }),
        binding("x", "top", "User:bob", "platform"),
      ],
    ],
    [
      "that is void",
      "NoGrant",
      [
        binding("x", "boss", "User:bob", "organization/acme"),
        binding("y", "ops", "User:bob", "organization/acme"),
        build("AccessConstraint", "c", { exclusive: { roles: ["ops", "boss"] } }),
      ],
    ],
  ])("a grant %s: %s", (_name, wanted, others) => {
    expect(ask({ target: user("ann") }, { subjectName: "bob" }, ...others)).toBe(wanted);
  });

  test("neither Deny rules nor suspension", () => {
    const deny = role("deny", { rules: [{ effect: "Deny", resources: ["*"], verbs: ["*"] }] });
    const suspended = build("Organization", "acme", { suspended: true });
    expect(ask({}, {}, deny, binding("x", "deny", "User:ann", "platform"), suspended)).toBe("yes");
  });
});

describe("What the role and the target are asked", () => {
  const two = build("AccessConstraint", "c", { separationOfDuty: { roles: ["dev", "ops"] } });

  test.each<[string, string, Partial<GrantQuestion>, string]>([
    ["a role that exists", "UnknownRole", { role: "gone" }, "environment/prod"],
    ["a role that is listed", "NoGrant", { role: "boss" }, "environment/prod"],
    ["a role that may be assigned there", "NotAssignable", { role: "dev" }, "organization/acme"],
    ["a role of that organization", "OtherOrganization", { role: "own" }, "environment/prod"],
    ["to be a member", "NoMembership", { target: user("eve") }, "environment/prod"],
    ["nothing of the kind to take from", "yes", { target: user("eve"), verb: "Take" }, "environment/prod"],
    [
      "nothing of the kind for a Group",
      "yes",
      { target: { kind: "Group", name: "idp" } },
      "environment/prod",
    ],
    ["a kind", "target_kind", { target: { kind: "Robot", name: "x" } as never }, "environment/prod"],
    [
      "a service account by its whole name",
      "target_name",
      { target: { kind: "ServiceAccount", name: "x" } },
      "environment/prod",
    ],
  ])("%s: %s", (_name, wanted, question, scope) => {
    expect(ask(question, { scope })).toBe(wanted);
  });

  test.each<[string, string, Partial<GrantQuestion>, SidegateObject[]]>([
    ["above", "Conflict", {}, [binding("x", "ops", "User:bob", "organization/acme")]],
    [
      "that begins later",
      "Conflict",
      {},
      [binding("x", "ops", "User:bob", "organization/acme", { notBefore: "2027-01-01T00:00:00Z" })],
    ],
    [
      "that is over",
      "yes",
      {},
      [binding("x", "ops", "User:bob", "organization/acme", { expiresAt: "2025-01-01T00:00:00Z" })],
    ],
    [
      "by a group",
      "Conflict",
      {},
      [
        build("AccessGroup", "g", { members: [user("bob")] }),
        binding("x", "ops", "AccessGroup:g", "organization/acme"),
      ],
    ],
    [
      "that everybody has",
      "Conflict",
      { target: { kind: "Group", name: "idp" } },
      [binding("x", "ops", "Group:system:authenticated", "organization/acme")],
    ],
    [
      "of a member of a member",
      "Conflict",
      { target: { kind: "AccessGroup", name: "g" } },
      [
        build("AccessGroup", "g", { members: [{ kind: "AccessGroup", name: "h" }] }),
        build("AccessGroup", "h", { members: [{ kind: "AccessGroup", name: "g" }, user("bob")] }),
        binding("x", "ops", "User:bob", "organization/acme"),
      ],
    ],
    [
      "for a group that belongs elsewhere",
      "yes",
      { target: { kind: "AccessGroup", name: "g" } },
      [
        build("AccessGroup", "g", { organization: "zeta", members: [user("bob")] }),
        binding("x", "ops", "User:bob", "organization/acme"),
      ],
    ],
    ["for a group of nobody", "yes", { target: { kind: "AccessGroup", name: "gone" } }, []],
  ])("no other grant %s: %s", (_name, wanted, question, others) => {
    expect(ask(question, {}, two, ...others)).toBe(wanted);
  });

  test("no grant below that conflicts", () => {
    const below = binding("x", "dev", "User:bob", "environment/prod");
    expect(ask({ role: "ops" }, { scope: "organization/acme" }, two, below)).toBe("Conflict");
  });

  test("a role that is no conflict by itself", () => {
    const both = role("both", { includes: ["dev", "ops"] });
    const more = role("boss", { grants: [{ roles: ["both"], levels: ["Environment"] }] });
    expect(ask({ role: "both" }, {}, two, both, more)).toBe("Conflict");
  });
});
