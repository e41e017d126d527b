import { expect, test } from "vitest";
import { anObject, going } from "../../test/support/objects.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { RevocationCounter } from "./revocation-counter.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");

const user = (name: string) => ({ kind: "User", name });
const team = anObject("AccessGroup", "team", { members: [user("gil"), user("hana")] });
const bindingOf = (name: string, role: string, subject: object, more: object = {}) =>
  anObject("AccessRoleBinding", name, {
    role,
    subjects: [subject],
    scope: { kind: "Organization", name: "acme" },
    ...more,
  });
const viewer = anObject("AccessRole", "viewer", {
  assignableAt: ["Organization"],
  rules: [{ resources: ["logs"], verbs: ["view"] }],
});
const base: readonly SidegateObject[] = [
  anObject("PermissionCatalog", "logs", {
    resources: [{ name: "logs", level: "Organization", verbs: [{ name: "view" }] }],
  }),
  viewer,
  anObject("Organization", "acme", {}),
  team,
  ...["ada", "bob", "cy"].flatMap((name) => [
    anObject("Membership", name, { organization: "acme", subject: user(name) }),
    bindingOf(`${name}-views`, "viewer", user(name)),
  ]),
  bindingOf("stranger-views", "viewer", user("stranger")),
  bindingOf("team-views", "viewer", { kind: "AccessGroup", name: "team" }),
];

/** What is revoked when these objects take the place of those of their names, or go. */
function afterChange(change: (objects: SidegateObject[]) => SidegateObject[]) {
  const compiler = new DomainCompiler("shop");
  const key = (object: SidegateObject) => `${object.kind}/${object.metadata.name}`;
  for (const object of base) compiler.put(object);
  const before = loadCompiled(compiler.compile({}));
  const wanted = new Map(change([...base]).map((object) => [key(object), object]));
  for (const object of base) if (!wanted.has(key(object))) compiler.remove(object.kind, object.metadata.name);
  for (const object of wanted.values()) if (!base.includes(object)) compiler.put(object);
  return new RevocationCounter().count(before, loadCompiled(compiler.compile({}), before), NOW);
}

const without = (...names: string[]) =>
  afterChange((objects) => objects.filter(({ metadata }) => !names.includes(metadata.name)));
const having = (...objects: SidegateObject[]) =>
  afterChange((all) => [
    ...all.filter(
      ({ kind, metadata }) => !objects.some((o) => o.kind === kind && o.metadata.name === metadata.name),
    ),
    ...objects,
  ]);

// Three members, the group, and its two members; the stranger's grant counts for nothing.
const total = 6;

test("nothing changed revokes nothing", () => {
  expect(having()).toEqual({ total, revoked: 0 });
});

test("a new grant revokes nothing", () => {
  expect(having(bindingOf("more", "viewer", user("dan")))).toEqual({ total, revoked: 0 });
});

test.each([
  ["a binding that goes", () => without("ada-views"), 1],
  ["two bindings that go", () => without("ada-views", "bob-views"), 2],
  [
    "a binding marked for deletion",
    () =>
      having({ ...bindingOf("ada-views", "viewer", user("ada")), metadata: { name: "ada-views", ...going } }),
    1,
  ],
  [
    "a membership, without which the grant does not count",
    () =>
      afterChange((all) =>
        all.filter(({ kind, metadata }) => kind !== "Membership" || metadata.name !== "ada"),
      ),
    1,
  ],
  ["a binding that never counted", () => without("stranger-views"), 0],
  ["a role", () => without("viewer"), 4],
  [
    "a role that loses all its rules",
    () => having(anObject("AccessRole", "viewer", { assignableAt: ["Organization"] })),
    4,
  ],
  [
    "a role that may not be assigned there any more",
    () => having(anObject("AccessRole", "viewer", { ...viewer.spec, assignableAt: ["Platform"] })),
    4,
  ],
  ["an organization", () => without("acme"), 4],
  ["a suspended organization", () => having(anObject("Organization", "acme", { suspended: true })), 4],
  ["a member of a group", () => having(anObject("AccessGroup", "team", { members: [user("gil")] })), 1],
  [
    "a window that ended",
    () => having(bindingOf("ada-views", "viewer", user("ada"), { expiresAt: "2026-05-31T00:00:00Z" })),
    1,
  ],
] as const)("%s is counted", (_name, change, revoked) => {
  expect(change()).toEqual({ total, revoked });
});

test("the same grant by another binding is no revocation", () => {
  const other = bindingOf("ada-views-too", "viewer", user("ada"));
  expect(
    afterChange((all) => [...all.filter(({ metadata }) => metadata.name !== "ada-views"), other]),
  ).toEqual({
    total,
    revoked: 0,
  });
});
