import { describe, expect, test } from "vitest";
import { build, marked, role } from "../../test/worlds/build.ts";
import type { AccessRole, AccessRoleRule } from "../model/objects.generated.ts";
import { World } from "../model/world.ts";
import { NOTHING } from "./role-closure.ts";
import { type Holdings, uncoveredByWriter } from "./role-coverage.ts";

const catalog = build("PermissionCatalog", "c", {
  resources: [
    {
      name: "doc",
      level: "Environment",
      verbs: [{ name: "view" }, { name: "edit", implies: ["view"] }, { name: "own", implies: ["edit"] }],
    },
    { name: "log", level: "Environment", verbs: [{ name: "view" }] },
  ],
});

/** Writes "doc,log:view,edit name,x* when c": types, verbs, names and condition of a rule. */
function rule(text: string, effect: "Allow" | "Deny" = "Allow"): AccessRoleRule {
  const [head = "", when] = text.split(" when ");
  const [what = "", names] = head.split(" ");
  const [resources = "", verbs = ""] = what.split(":");
  return {
    effect,
    resources: resources.split(","),
    verbs: verbs.split(","),
    ...(names === undefined ? {} : { names: names.split(",") }),
    ...(when === undefined ? {} : { when }),
  };
}

const allowing = (texts: readonly string[], spec: Partial<AccessRole["spec"]> = {}) =>
  role("r", { rules: texts.map((text) => rule(text)), ...spec });
const denying = (...texts: string[]) => role("r", { rules: texts.map((text) => rule(text, "Deny")) });
const holding = (allow: readonly string[], deny: readonly string[] = []): Holdings => ({
  allow: allow.map((text) => rule(text)),
  deny: deny.map((text) => rule(text, "Deny")),
  grants: [],
});

function gaps(
  before: AccessRole | undefined,
  after: AccessRole | undefined,
  holdings: Holdings = NOTHING,
  others: readonly AccessRole[] = [],
): string[] {
  const world = new World("shop");
  for (const object of [catalog, ...others, ...(before ? [before] : [])]) world.put(object);
  return uncoveredByWriter(world, before, after, () => holdings).map(
    ({ role: name, kind, what }) => `${name} ${kind} ${what}`,
  );
}

describe("An Allow rule is covered", () => {
  test.each<[rule: string, held: readonly string[]]>([
    ["doc:view", ["doc:view"]],
    ["doc:view", ["doc:own"]],
    ["doc:view", ["*:view"]],
    ["doc:view", ["doc:*"]],
    ["doc:view", ["*:*"]],
    ["doc,log:view", ["doc:view", "log:view"]],
    ["doc:*", ["doc:*"]],
    ["*:view", ["*:view"]],
    ["*:*", ["*:*"]],
    ["doc:view a,b", ["doc:view"]],
    ["doc:view a,b", ["doc:view a", "doc:view b"]],
    ["doc:view abc,ab*", ["doc:view a*"]],
    ["unknown:verb", ["unknown:verb"]],
    ["doc:view when x", ["doc:view when x"]],
    ["doc,log:view,edit when x", ["log,doc:edit,view when x"]],
  ])("%s by %s", (wanted, held) => {
    expect(gaps(undefined, allowing([wanted]), holding(held))).toEqual([]);
    expect(gaps(allowing(held), allowing([wanted]))).toEqual([]);
  });

  test("with a condition, by the same without it in the old role", () => {
    expect(gaps(allowing(["doc:own"]), allowing(["doc:view when x"]))).toEqual([]);
  });
});

describe("An Allow rule is not covered", () => {
  test.each<[rule: string, held: readonly string[], gaps: readonly string[]]>([
    ["doc:edit", ["doc:view"], ["doc:edit"]],
    ["doc:view,edit", ["doc:view"], ["doc:edit"]],
    ["doc:*", ["doc:view,edit,own"], ["doc:*"]],
    ["*:view", ["doc,log:view"], ["*:view"]],
    ["*:view", ["*:own"], ["*:view"]],
    ["doc:view", ["doc:view a*"], ["doc:view"]],
    ["doc:view *", ["doc:view a*"], ['doc:view on "*"']],
    ["doc:view a*", ["doc:view abc"], ['doc:view on "a*"']],
    ["unknown:view", ["doc:view"], ["unknown:view"]],
    ["unknown:view", ["unknown:own"], ["unknown:view"]],
    ["doc:view", ["doc:view when x"], ["doc:view"]],
    ["doc:view when x", ["doc:view when y"], ["doc:view when x"]],
    ["doc:view when x", ["doc:view,edit when x"], ["doc:view when x"]],
  ])("%s by %s", (wanted, held, missing) => {
    expect(gaps(undefined, allowing([wanted]), holding(held))).toEqual(
      missing.map((what) => `r Allow ${what}`),
    );
  });

  test("with a condition, by the same without it in the writer's hands", () => {
    expect(gaps(undefined, allowing(["doc:view when x"]), holding(["doc:view"]))).toHaveLength(1);
  });
});

describe("A Deny rule that the writer is under takes away", () => {
  test.each<[rule: string, deny: string, isTaken: boolean]>([
    ["doc:view", "doc:view", true],
    ["doc:own", "doc:view", true],
    ["doc:view", "doc:own", false],
    ["doc:view", "log:view", false],
    ["doc:*", "doc:own", true],
    ["*:*", "log:view", true],
    ["*:own", "doc:view", true],
    ["*:own", "*:view", true],
    ["*:view", "*:own", false],
    ["doc:view", "*:*", true],
    ["doc:view a", "doc:view a*", true],
    ["doc:view a*", "doc:view abc", true],
    ["doc:view b", "doc:view a*", false],
    ["doc:view", "doc:view a when x", true],
    ["doc:view when x", "doc:view", true],
  ])("%s by %s: %s", (wanted, deny, isTaken) => {
    const held = holding([wanted], [deny]);
    expect(gaps(undefined, allowing([wanted]), held).length > 0).toBe(isTaken);
    // What the old role had is not asked of the writer.
    expect(gaps(allowing([wanted]), allowing([wanted]), held)).toEqual([]);
  });
});

describe("Deny rules may be widened, but not removed or narrowed", () => {
  test.each<[old: string, now: readonly string[], lost: readonly string[]]>([
    ["doc:view", ["doc:view"], []],
    ["doc:edit", ["doc:view"], []],
    ["doc:edit", ["doc:own"], ["doc:edit"]],
    ["doc:view a", ["doc:view"], []],
    ["doc:view a", ["doc:view a*"], []],
    ["doc:view", ["doc:view a*"], ["doc:view"]],
    ["doc:view when x", ["doc:view"], []],
    ["doc:view when x", ["doc,log:view when x"], []],
    ["doc:view when x", ["doc:view when y"], ["doc:view when x"]],
    ["doc:view", ["doc:view when x"], ["doc:view"]],
    ["doc,log:view", ["doc:view"], ["log:view"]],
    ["doc:view", [], ["doc:view"]],
  ])("%s to %s", (old, now, lost) => {
    expect(gaps(denying(old), denying(...now))).toEqual(lost.map((what) => `r Deny ${what}`));
  });

  test("and go with the role", () => {
    expect(gaps(denying("doc:view"), undefined)).toEqual(["r Deny doc:view"]);
    expect(gaps(allowing(["doc:view"]), undefined)).toEqual([]);
  });
});

describe("Grants entries and levels", () => {
  const granting = (roles: string[], verbs?: ("Give" | "Take")[]) =>
    role("r", { grants: [{ roles, levels: ["Environment"], ...(verbs && { verbs }) }] });

  test("are compared right by right", () => {
    const held: Holdings = { ...NOTHING, grants: [{ roles: ["a"], levels: ["Environment", "Workspace"] }] };
    expect(gaps(undefined, granting(["a"]), held)).toEqual([]);
    expect(gaps(undefined, granting(["a", "b"], ["Give"]), held)).toEqual([
      'r Grants Give "b" at Environment',
    ]);
    expect(gaps(granting(["b"], ["Give"]), granting(["b"]), held)).toEqual([
      'r Grants Take "b" at Environment',
    ]);
    expect(gaps(granting(["b"]), granting(["b"], ["Take"]))).toEqual([]);
  });

  test("may not come to an existing role", () => {
    const at = (...assignableAt: AccessRole["spec"]["assignableAt"]) => role("r", { assignableAt });
    expect(gaps(at("Workspace"), at("Platform", "Workspace"))).toEqual(["r Level Platform"]);
    expect(gaps(at("Platform", "Workspace"), at("Workspace"))).toEqual([]);
    expect(gaps(undefined, at("Platform"))).toEqual([]);
  });
});

describe("Includes", () => {
  const base = role("base", { rules: [rule("doc:view"), rule("log:view", "Deny")] });
  const top = role("top", { includes: ["r"] });

  test("bring what they include", () => {
    expect(gaps(undefined, role("r", { includes: ["base"] }), NOTHING, [base])).toEqual(["r Allow doc:view"]);
    expect(gaps(role("r", { includes: ["base"] }), role("r", {}), NOTHING, [base])).toEqual([
      "r Deny log:view",
    ]);
  });

  test("that are forbidden bring no Allow rules", () => {
    const foreign = role("base", { organization: "a", rules: [rule("doc:view")] });
    expect(gaps(undefined, role("r", { includes: ["base"] }), NOTHING, [foreign])).toEqual([]);
  });

  test("let an edit count for the roles above", () => {
    expect(gaps(role("r", {}), allowing(["doc:view"]), NOTHING, [top])).toEqual([
      "r Allow doc:view",
      "top Allow doc:view",
    ]);
  });

  test("bring back what is marked for deletion, also out of a circle", () => {
    const gone = marked(role("gone", { rules: [rule("doc:view")] }));
    expect(gaps(undefined, role("r", { includes: ["gone"] }), NOTHING, [gone])).toEqual(["r Allow doc:view"]);
    const circle = marked(role("gone", { includes: ["r"] }));
    const edited = role("r", { includes: ["gone"], rules: [rule("log:view")] });
    expect(gaps(undefined, edited, NOTHING, [circle])).toEqual(["r Allow log:view", "gone Allow log:view"]);
  });

  test("that come to exist bring what was missing", () => {
    expect(gaps(undefined, allowing(["doc:view"]), NOTHING, [top])).toHaveLength(2);
  });

  test("that leave a circle give back the rules of all on it", () => {
    const circle = role("top", { includes: ["r"], rules: [rule("log:view")] });
    expect(gaps(role("r", { includes: ["top"] }), role("r", {}), NOTHING, [circle])).toEqual([
      "top Allow log:view",
    ]);
    expect(gaps(role("r", { includes: ["top"] }), undefined, NOTHING, [circle])).toEqual([
      "top Allow log:view",
    ]);
  });
});

test("A role is held at its organization, or at Platform", () => {
  const world = new World("shop");
  const places = (organization?: string) =>
    uncoveredByWriter(
      world,
      undefined,
      allowing(["doc:view"], organization === undefined ? {} : { organization }),
      () => NOTHING,
    ).map(({ place }) => place);
  expect(places()).toEqual(["platform"]);
  expect(places("acme")).toEqual(["organization/acme"]);
});
