import { describe, expect, it } from "vitest";
import { compile } from "../../test/properties/engine.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import { NOON } from "../../test/worlds/instants.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { isWidening } from "./diff-entry.ts";
import { diffPolicies } from "./diff-policies.ts";

const catalog = build("PermissionCatalog", "main", {
  resources: [
    { name: "bills", level: "Organization", verbs: [{ name: "pay" }] },
    { name: "logs", level: "Environment", verbs: [{ name: "view" }, { name: "retry", implies: ["view"] }] },
  ],
});
const environment = (name: string, organization: string) => build("Environment", name, { organization });
const member = (user: string, attributes: Record<string, string> = {}) =>
  build("Membership", `acme-${user}`, {
    organization: "acme",
    subject: { kind: "User", name: user },
    attributes,
  });
const viewer = role("viewer", { rules: [{ resources: ["logs"], verbs: ["view"] }] });
const ann = binding("b1", "viewer", "User:ann", "environment/prod");
const base: readonly SidegateObject[] = [
  catalog,
  build("Organization", "acme", {}),
  environment("prod", "acme"),
  environment("test", "acme"),
  viewer,
  role("payer", { rules: [{ resources: ["bills"], verbs: ["pay"] }] }),
  ...["ann", "bob"].map((user) => member(user)),
  ann,
];

/** What becomes of the base with other objects put in, and those of these keys taken out. */
function change(put: readonly SidegateObject[], gone: readonly string[] = [], from = base): string[] {
  const keyOf = ({ kind, metadata }: SidegateObject) => `${kind}/${metadata.name}`;
  const made = new Map(from.map((object) => [keyOf(object), object]));
  for (const object of put) made.set(keyOf(object), object);
  for (const key of gone) made.delete(key);
  const [before, after] = [loadCompiled(compile(from)), loadCompiled(compile([...made.values()]))];
  return [...diffPolicies(before, after, NOON)].map(
    ({ subject, permission, scope, before: was, after: is, conditions }) =>
      `${subject.kind}:${subject.name} ${permission} ${scope} ${was} ${conditions ?? is}`,
  );
}

describe("diffPolicies", () => {
  it.each<[name: string, put: SidegateObject[], gone: string[], want: string[]]>([
    ["nothing where nothing changes", [], [], []],
    [
      "nothing where a binding is renamed",
      [{ ...ann, metadata: { name: "z" } }],
      ["AccessRoleBinding/b1"],
      [],
    ],
    [
      "a binding that goes",
      [],
      ["AccessRoleBinding/b1"],
      ["User:ann logs:view environment/prod Always None"],
    ],
    [
      "a membership that goes",
      [],
      ["Membership/acme-ann"],
      ["User:ann logs:view environment/prod Always None"],
    ],
    [
      "an edit of a role",
      [role("viewer", { rules: [{ resources: ["logs"], verbs: ["retry"], names: ["app-*"] }] })],
      [],
      [
        "User:ann logs:retry environment/prod None Conditional",
        "User:ann logs:view environment/prod Always Conditional",
      ],
    ],
    [
      "an implied verb that a catalog takes away",
      [
        build("PermissionCatalog", "main", {
          resources: [{ name: "logs", level: "Organization", verbs: [{ name: "view" }] }],
        }),
      ],
      [],
      ["User:ann logs:view environment/prod Always None"],
    ],
    [
      "a grant to a declared group, for its members",
      [
        build("AccessGroup", "team", { members: [{ kind: "User", name: "bob" }] }),
        binding("b2", "payer", "AccessGroup:team", "organization/acme"),
      ],
      [],
      ["User:bob bills:pay organization/acme None Always"],
    ],
    [
      "grants to asserted groups, and to everybody, as entries of their own",
      [
        binding("b2", "payer", "Group:ops", "organization/acme"),
        binding("b3", "viewer", "Group:system:authenticated", "environment/test"),
      ],
      [],
      [
        "User:ann logs:view environment/test None Always",
        "User:bob logs:view environment/test None Always",
        "Group:ops bills:pay organization/acme None Always",
        "Group:ops logs:view environment/test None Always",
        "Group:system:authenticated logs:view environment/test None Always",
      ],
    ],
    [
      "an organization that brings a group of its own to count, for everybody who is in it",
      [
        build("Organization", "other", {}),
        build("AccessGroup", "all", {
          organization: "other",
          members: [{ kind: "Group", name: "system:authenticated" }],
        }),
        build("AccessGroup", "outer", { members: [{ kind: "AccessGroup", name: "all" }] }),
        binding("b2", "viewer", "AccessGroup:outer", "environment/test"),
      ],
      [],
      ["Group:system:authenticated logs:view environment/test None Always"],
    ],
    [
      "a suspended organization",
      [build("Organization", "acme", { suspended: true })],
      [],
      ["User:ann logs:view environment/prod Always None"],
    ],
    [
      "a Deny above",
      [
        role("no-logs", { rules: [{ effect: "Deny", resources: ["logs"], verbs: ["*"] }] }),
        binding("b2", "no-logs", "User:ann", "platform"),
      ],
      [],
      ["User:ann logs:view environment/prod Always None"],
    ],
    [
      "a constraint that voids",
      [
        binding("b2", "payer", "User:ann", "environment/prod"),
        build("AccessConstraint", "one", { exclusive: { roles: ["payer", "viewer"] } }),
      ],
      [],
      ["User:ann logs:view environment/prod Always None"],
    ],
    [
      "a dynamic constraint, which leaves what active roles allow",
      [
        binding("b2", "payer", "User:ann", "environment/prod"),
        build("AccessConstraint", "one", {
          separationOfDuty: { roles: ["payer", "viewer"], mode: "Dynamic" },
        }),
      ],
      [],
      ["User:ann logs:view environment/prod Always Conditional"],
    ],
    [
      "an environment that is in another organization now, once",
      [build("Organization", "other", {}), environment("prod", "other")],
      [],
      ["User:ann logs:view environment/prod Always None"],
    ],
  ])("finds %s", (_name, put, gone, want) => expect(change(put, gone)).toEqual(want));

  it.each<[name: string, from: string, to: string, want: string[]]>([
    ["more conditions", "context.a", "context.a && context.b", ["Other"]],
    ["another condition", "context.a", "context.b", ["Other"]],
    ["the same condition", "context.a", "context.a", []],
  ])("compares conditions: %s", (_name, from, to, want) => {
    const when = (condition: string) =>
      binding("b1", "viewer", "User:ann", "environment/prod", { when: condition });
    const found = change([when(to)], [], [...base.filter((object) => object !== ann), when(from)]);
    expect(found.map((line) => line.split(" ").at(-1))).toEqual(want);
  });

  it("knows that a condition beside the others only narrows", () => {
    const conditional = role("viewer", {
      rules: [{ resources: ["logs"], verbs: ["view"], when: "context.a" }],
    });
    const from = [...base.filter((object) => object !== viewer), conditional];
    const bound = binding("b1", "viewer", "User:ann", "environment/prod", { when: "context.b" });
    expect(change([bound], [], from)).toEqual(["User:ann logs:view environment/prod Conditional Narrower"]);
  });

  it("takes a choice of active roles that is no longer needed for wider, and one that is needed now for narrower", () => {
    const bound = binding("b1", "viewer", "User:ann", "environment/prod", { when: "context.a" });
    const plain = [...base.filter((object) => object !== ann), bound];
    const dynamic: SidegateObject[] = [
      binding("b2", "payer", "User:ann", "environment/prod"),
      build("AccessConstraint", "one", {
        separationOfDuty: { roles: ["payer", "viewer"], mode: "Dynamic" },
      }),
    ];
    const line = "User:ann logs:view environment/prod Conditional";
    expect(change(dynamic, [], plain)).toEqual([`${line} Narrower`]);
    expect(change([], ["AccessConstraint/one"], [...plain, ...dynamic])).toEqual([`${line} Other`]);
  });

  it("does not trust conditions over stored facts that changed", () => {
    const bound = binding("b1", "viewer", "User:ann", "environment/prod", {
      when: 'member.attributes.team == "red"',
    });
    const from = [...base.filter((object) => object !== ann), bound];
    expect(change([member("ann", { team: "red" })], [], from)).toEqual([
      "User:ann logs:view environment/prod Conditional Other",
    ]);
    const typed = build("Environment", "prod", { organization: "acme", attributes: { tier: "gold" } });
    expect(change([typed], [], from)).toEqual(["User:ann logs:view environment/prod Conditional Other"]);
  });
});

describe("isWidening", () => {
  it.each([
    ["None", "Always", undefined, true],
    ["None", "Conditional", undefined, true],
    ["Conditional", "Always", undefined, true],
    ["Conditional", "Conditional", "Other", true],
    ["Conditional", "Conditional", "Narrower", false],
    ["Always", "Conditional", undefined, false],
    ["Always", "None", undefined, false],
  ] as const)("of %s to %s (%s): %s", (before, after, conditions, wider) => {
    expect(isWidening({ before, after, conditions })).toBe(wider);
  });
});
