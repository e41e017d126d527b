import { describe, expect, it } from "vitest";
import type { AccessRole, SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build, role, subjectReference } from "../worlds/build.ts";
import { acme, NOW, question, viewer } from "./acme.ts";
import { coversRoleEdit } from "./coverage.ts";
import { canGrant } from "./delegation.ts";

const giver = role("giver", { grants: [{ roles: ["viewer", "owner"], levels: ["Environment"] }] });
const giving = (when?: string) =>
  binding("g", "giver", "User:ann", "organization/acme", when === undefined ? {} : { when });
const bob = build("Membership", "bob", { organization: "acme", subject: { kind: "User", name: "bob" } });
const base = [...acme, viewer, role("owner", {}), giver, giving(), bob];

function can(
  verb: "Give" | "Take",
  objects: readonly SidegateObject[] = [],
  { name = "viewer", target = "User:bob", scope = "environment/prod" } = {},
): boolean {
  const replaced = new Set(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  const kept = base.filter(({ kind, metadata }) => !replaced.has(`${kind}/${metadata.name}`));
  const asked = { actor: { ...question, scope }, verb, role: name, target: subjectReference(target) };
  return canGrant([...kept, ...objects], asked, NOW);
}

const exclusive = build("AccessConstraint", "x", { exclusive: { roles: ["owner", "viewer"] } });
const separation = build("AccessConstraint", "s", {
  separationOfDuty: { roles: ["owner", "viewer"], per: "Organization" },
});
const owns = (subject: string, scope: string, spec = {}) => binding("o", "owner", subject, scope, spec);

describe("who may give", () => {
  type Row = [
    name: string,
    expected: boolean,
    objects: readonly SidegateObject[],
    asked?: Parameters<typeof can>[2],
  ];
  it.each<Row>([
    ["the holder of a right", true, []],
    ["below, in a workspace", true, [], { scope: "environment/test" }],
    ["not at another level", false, [], { scope: "organization/acme" }],
    ["not another role", false, [], { name: "giver" }],
    [
      "not without the verb",
      false,
      [role("giver", { grants: [{ roles: ["viewer"], levels: ["Environment"], verbs: ["Take"] }] })],
    ],
    [
      "not where the role may not be assigned",
      false,
      [{ ...viewer, spec: { ...viewer.spec, assignableAt: ["Platform"] } }],
    ],
    ["where a condition is met", true, [giving("scope.name == 'prod' && subject.name == 'ann'")]],
    ["not where a condition asks for context", false, [giving("context.mfa || context.x")]],
    ["not where a condition asks for a resource", false, [giving("resource.type != 'doc'")]],
    ["not to who is no member", false, [], { target: "User:eve" }],
    ["to an asserted group", true, [], { target: "Group:staff" }],
    ["not against an exclusive role", false, [exclusive, owns("User:bob", "organization/acme")]],
    [
      "not against one that is yet to begin",
      false,
      [exclusive, owns("User:bob", "organization/acme", { notBefore: "2030-01-01T00:00:00Z" })],
    ],
    [
      "against one that is over",
      true,
      [exclusive, owns("User:bob", "organization/acme", { expiresAt: "2024-01-01T00:00:00Z" })],
    ],
    ["against one in another unit", true, [exclusive, owns("User:bob", "environment/test")]],
    ["not against one in the same organization", false, [separation, owns("User:bob", "environment/test")]],
    [
      "not against one that everybody has",
      false,
      [exclusive, owns("Group:system:authenticated", "platform")],
    ],
    ["a role that the target has", true, [exclusive, binding("v", "viewer", "User:bob", "environment/prod")]],
    [
      "whatever the dynamic constraints say",
      true,
      [
        build("AccessConstraint", "s", { separationOfDuty: { roles: ["owner", "viewer"], mode: "Dynamic" } }),
        owns("User:bob", "platform"),
      ],
    ],
  ])("%s: %s", (_, expected, objects, asked) => {
    expect(can("Give", objects, asked)).toBe(expected);
  });

  it("judges each member of a declared group", () => {
    const group = build("AccessGroup", "team", {
      members: [subjectReference("User:bob"), subjectReference("Group:staff")],
    });
    const conflicts = (subject: string) =>
      can("Give", [group, exclusive, owns(subject, "organization/acme")], { target: "AccessGroup:team" });
    expect(["User:bob", "Group:staff", "User:ann"].map(conflicts)).toEqual([false, false, true]);
  });
});

describe("who may take", () => {
  const keep = (count: number) =>
    build("AccessConstraint", "k", { minHolders: { role: "viewer", level: "Environment", count } });
  const held = (...subjects: string[]) => binding("v", "viewer", subjects, "environment/prod");
  it.each<[name: string, expected: boolean, objects: readonly SidegateObject[]]>([
    ["the holder of a right", true, [held("User:bob")]],
    ["not from the last holder", false, [keep(1), held("User:bob", "Group:staff", "User:eve")]],
    ["from one of two", true, [keep(1), held("User:bob", "User:ann")]],
    ["not from one of two that must stay", false, [keep(2), held("User:bob", "User:ann")]],
    ["from who does not count", true, [keep(2), held("User:ann")]],
  ])("%s: %s", (_, expected, objects) => {
    expect(can("Take", objects)).toBe(expected);
  });
});

describe("what a writer of roles must hold", () => {
  const all = { resources: ["*"], verbs: ["*"] };
  const docs = { resources: ["doc"], verbs: ["view"] };
  const covers = (
    held: Partial<AccessRole["spec"]>,
    was: Partial<AccessRole["spec"]>,
    is: Partial<AccessRole["spec"]>,
  ) => {
    const mine = [role("mine", held), binding("m", "mine", "User:ann", "platform")];
    const [before, after] = [was, is].map((spec) => [...acme, ...mine, role("edited", spec)]);
    return coversRoleEdit(before!, after!, "edited", { kind: "User", name: "ann", groups: [] }, NOW);
  };
  const deny = { ...docs, effect: "Deny" as const };
  const grants = [{ roles: ["viewer"], levels: ["Environment" as const] }];
  it.each<[string, boolean, Parameters<typeof covers>]>([
    ["nothing new", true, [{}, { rules: [all] }, { rules: [docs] }]],
    ["what the writer holds", true, [{ rules: [all] }, {}, { rules: [docs] }]],
    [
      "what the writer holds by more verbs",
      true,
      [{ rules: [{ resources: ["doc"], verbs: ["own"] }] }, {}, { rules: [docs] }],
    ],
    ["what the writer does not hold", false, [{ rules: [docs] }, {}, { rules: [all] }]],
    [
      "what catalogs may declare later",
      false,
      [
        { rules: [{ resources: ["sys", "bill", "job", "doc", "membership"], verbs: ["*"] }] },
        {},
        { rules: [all] },
      ],
    ],
    ["what the writer is denied", false, [{ rules: [all, deny] }, {}, { rules: [docs] }]],
    [
      "what the writer holds on some names",
      false,
      [{ rules: [{ ...docs, names: ["a*"] }] }, {}, { rules: [docs] }],
    ],
    [
      "names within names",
      true,
      [{ rules: [{ ...docs, names: ["a*"] }] }, {}, { rules: [{ ...docs, names: ["ab*", "a"] }] }],
    ],
    [
      "a condition that the writer has",
      true,
      [{ rules: [{ ...docs, when: "true" }] }, {}, { rules: [{ ...docs, when: "true" }] }],
    ],
    [
      "a condition that the writer lacks",
      false,
      [{ rules: [all] }, {}, { rules: [{ ...docs, when: "true" }] }],
    ],
    [
      "a condition that is gone",
      false,
      [{ rules: [{ ...docs, when: "true" }] }, { rules: [{ ...docs, when: "true" }] }, { rules: [docs] }],
    ],
    ["a Deny that is gone", false, [{ rules: [all] }, { rules: [deny] }, {}]],
    [
      "a Deny that is narrowed",
      false,
      [{ rules: [all] }, { rules: [deny] }, { rules: [{ ...deny, names: ["a"] }] }],
    ],
    ["a Deny that is widened", true, [{}, { rules: [deny] }, { rules: [{ ...deny, verbs: ["*"] }] }]],
    [
      "a Deny that gets a condition",
      false,
      [{ rules: [all] }, { rules: [deny] }, { rules: [{ ...deny, when: "true" }] }],
    ],
    ["rights that the writer holds", true, [{ grants }, {}, { grants }]],
    ["rights that the writer lacks", false, [{ rules: [all] }, {}, { grants }]],
    ["a level more", false, [{ rules: [all] }, { assignableAt: ["Organization"] }, {}]],
    ["an include", false, [{}, {}, { includes: ["mine"], rules: [docs] }]],
  ])("%s: %s", (_, expected, given) => {
    expect(covers(...given)).toBe(expected);
  });
});
