import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../model/json.ts";
import { LoadedCatalog } from "../policy/loaded-catalog.ts";
import { Narrower } from "./narrower.ts";
import { type Narrowing, readNarrowing } from "./narrowing.ts";
import type { NarrowingPolicy } from "./token-policy.ts";

const catalog = new LoadedCatalog([
  { name: "config", level: 2, verbs: [{ name: "write", implies: [] }] },
  {
    name: "metadata",
    level: 2,
    verbs: [
      { name: "read", implies: [] },
      { name: "write", implies: [0] },
    ],
  },
  { name: "proxy-api", level: 2, verbs: [{ name: "send", implies: [] }] },
]);
const permissions = ["config:write", "metadata:read", "metadata:write", "proxy-api:send"];

/** The six scopes of Paragon Connect. */
const policy: NarrowingPolicy = {
  claim: "permissions",
  selectors: [
    { pattern: "integration:*", attribute: "integration" },
    { pattern: "integration:[name]", attribute: "integration" },
    { pattern: "credential:*", attribute: "credential" },
    { pattern: "credential:[uuid]", attribute: "credential" },
    { pattern: "configuration:*", attribute: "configuration" },
    { pattern: "configuration:ext:[id]", attribute: "configuration" },
  ],
  absent: "Deny",
  unmatched: "Deny",
};

function read(claim: JsonValue | undefined, more: Partial<NarrowingPolicy> = {}): Narrowing {
  const narrowing = readNarrowing({ ...policy, ...more }, claim);
  if ("problem" in narrowing) throw new Error(narrowing.problem);
  return narrowing;
}

function kept(
  claim: JsonValue | undefined,
  attributes: JsonObject,
  more: Partial<NarrowingPolicy> = {},
): string[] {
  const narrower = new Narrower(read(claim, more), catalog);
  return permissions.filter((permission) => narrower.keeps(catalog.find(permission) as number, attributes));
}

const all = permissions;
const nothing: string[] = [];
const sent = { integration: "salesforce", credential: "", configuration: "" };

describe("the most specific selector that matches decides alone", () => {
  test.each<[string, JsonValue, JsonObject, string[]]>([
    ["true keeps all", { "integration:*": true }, sent, all],
    ["false keeps nothing", { "integration:*": false }, sent, nothing],
    ["a list keeps what it names", { "integration:*": ["config:write"] }, sent, ["config:write"]],
    ["an empty list keeps nothing", { "integration:*": [] }, sent, nothing],
    [
      "implied verbs count",
      { "integration:*": ["metadata:write"] },
      sent,
      ["metadata:read", "metadata:write"],
    ],
    ["what is implied does not imply", { "integration:*": ["metadata:read"] }, sent, ["metadata:read"]],
    [
      "a bare type means all its verbs",
      { "integration:*": ["metadata"] },
      sent,
      ["metadata:read", "metadata:write"],
    ],
    [
      "an unknown permission has no effect",
      { "integration:*": ["nothing:read", "metadata:fly", "config:write", "", ":", "config:", ":write"] },
      sent,
      ["config:write"],
    ],
    [
      "there are no wildcards in a list",
      { "integration:*": ["*", "*:*", "config:*", "*:write"] },
      sent,
      nothing,
    ],
    [
      "names of members of objects are none",
      { "integration:*": ["constructor", "__proto__:write"] },
      sent,
      nothing,
    ],
    ["by name over all", { "integration:*": false, "integration:salesforce": true }, sent, all],
    ["by name it may take away", { "integration:*": true, "integration:salesforce": false }, sent, nothing],
    ["another name does not match", { "integration:*": true, "integration:hubspot": false }, sent, all],
    [
      "the order in the claim is not asked",
      { "integration:salesforce": false, "integration:*": true },
      sent,
      nothing,
    ],
    [
      "a list does not add to what a less specific one has",
      { "integration:*": true, "credential:*": ["config:write"] },
      { ...sent, credential: "c1" },
      ["config:write"],
    ],
    [
      "up to the configuration",
      {
        "integration:salesforce": true,
        "credential:c1": true,
        "configuration:*": true,
        "configuration:ext:7": false,
      },
      { integration: "salesforce", credential: "c1", configuration: "7" },
      nothing,
    ],
    ["no selector matches", { "integration:hubspot": true }, sent, nothing],
    ["the claim is empty", {}, sent, nothing],
  ])("%s", (_name, claim, attributes, wanted) => {
    expect(kept(claim, attributes)).toEqual(wanted);
  });

  test("where none matches, the policy says", () => {
    expect(kept({ "integration:hubspot": false }, sent, { unmatched: "Allow" })).toEqual(all);
    expect(kept({}, sent, { unmatched: "Allow", absent: "Deny" })).toEqual(all);
  });

  test("without the claim, the policy says", () => {
    expect(kept(undefined, sent)).toEqual(nothing);
    expect(kept(undefined, sent, { absent: "Allow", unmatched: "Deny" })).toEqual(all);
  });

  test("a policy that does not narrow keeps all", () => {
    const narrower = new Narrower(undefined, catalog);
    expect(narrower.keeps(0, undefined)).toBe(true);
    expect(narrower.dependsOn(0, undefined)).toEqual([]);
    expect(narrower.unknownPermissions).toEqual([]);
  });
});

describe("an attribute that is not sent is unknown", () => {
  test.each<[string, JsonValue, JsonObject, string[]]>([
    ["sent empty: there is none", { "integration:*": true, "credential:*": false }, sent, all],
    [
      "not sent: the credential could match",
      { "integration:*": true, "credential:*": false },
      { integration: "a" },
      nothing,
    ],
    [
      "what every selector keeps that could match stands",
      {
        "integration:*": true,
        "credential:c1": ["config:write", "metadata"],
        "credential:c2": ["config:write"],
      },
      { integration: "a" },
      ["config:write"],
    ],
    ["what would decide itself is not known to match", { "integration:*": true }, {}, nothing],
    [
      "less specific ones are not asked",
      { "integration:*": false, "credential:c1": true },
      { credential: "c1", configuration: "" },
      all,
    ],
    [
      "a number counts as not sent",
      { "integration:*": true, "credential:*": false },
      { integration: "a", credential: 7 },
      nothing,
    ],
    [
      "null counts as not sent",
      { "integration:*": true, "credential:*": false },
      { integration: "a", credential: null },
      nothing,
    ],
    [
      "a list counts as not sent",
      { "integration:*": true, "credential:*": false },
      { integration: "a", credential: ["c"] },
      nothing,
    ],
  ])("%s", (_name, claim, attributes, wanted) => {
    expect(kept(claim, attributes)).toEqual(wanted);
  });

  test("members of objects are not sent", () => {
    const selectors = [{ pattern: "all:*", attribute: "constructor" }];
    expect(kept({ "all:*": false }, {}, { selectors, unmatched: "Allow" })).toEqual(nothing);
  });

  test("what could be kept if more were sent names the attributes", () => {
    const claim = { "integration:*": true, "credential:c1": false, "credential:c2": ["config:write"] };
    const narrower = new Narrower(read(claim), catalog);
    const depends = (permission: string, attributes: JsonObject) =>
      narrower.dependsOn(catalog.find(permission) as number, attributes);
    expect(depends("config:write", {})).toEqual(["credential", "integration"]);
    expect(depends("config:write", { integration: "" })).toEqual(["credential"]);
    expect(depends("metadata:read", { integration: "" })).toEqual([]);
    expect(depends("metadata:read", { integration: "a" })).toEqual(["credential"]);
    expect(depends("metadata:read", { integration: "a", credential: "" })).toEqual([]);
  });

  test("a selector that another one always overrides gives nothing", () => {
    const selectors = [
      { pattern: "a:[id]", attribute: "x" },
      { pattern: "b:[id]", attribute: "x" },
      { pattern: "c:*", attribute: "x" },
    ];
    const depends = (claim: JsonValue) => new Narrower(read(claim, { selectors }), catalog).dependsOn(0, {});
    expect(depends({ "a:1": true, "b:1": false })).toEqual([]);
    expect(depends({ "a:2": true, "b:1": false })).toEqual(["x"]);
    expect(depends({ "a:2": true, "c:*": false })).toEqual([]);
  });
});

describe("the operator is told", () => {
  const explain = (claim: JsonValue | undefined, attributes: JsonObject) =>
    new Narrower(read(claim), catalog).explain(0, attributes);
  test.each<[JsonValue | undefined, JsonObject, string]>([
    [undefined, sent, "the token lacks the claim that narrows, which takes away all"],
    [{}, sent, "no selector of the token matches, which takes away the permission"],
    [
      { "integration:*": false },
      sent,
      'the selector "integration:*" of the token decides and takes away the permission',
    ],
    [
      { "integration:*": true },
      sent,
      'the selector "integration:*" of the token decides and keeps the permission',
    ],
    [
      { "credential:*": false },
      {},
      'the selector "credential:*" of the token could match and takes away the permission; send the attribute "credential" of the resource',
    ],
  ])("of %j with %j", (claim, attributes, wanted) => {
    expect(explain(claim, attributes)).toBe(wanted);
  });

  test("of entries that name no permission, by place, ten at most", () => {
    const claim = {
      "integration:*": ["config:write", "secret:read", "config"],
      "credential:*": Array(20).fill("x"),
    };
    const { unknownPermissions } = new Narrower(read(claim), catalog);
    expect(unknownPermissions).toHaveLength(10);
    expect(
      new Narrower(read({ "integration:*": claim["integration:*"] }), catalog).unknownPermissions,
    ).toEqual(['entry 1 of the selector "integration:*" names no permission of a catalog']);
  });

  test("that nothing narrows", () => {
    expect(new Narrower(undefined, catalog).explain(0, {})).toBe("the token policy does not narrow");
  });
});

describe("whatever the claim is", () => {
  const value = fc.constantFrom("", "a", "b", "*");
  const selector = fc
    .tuple(fc.constantFrom("integration:", "credential:", "configuration:ext:"), fc.constantFrom("a", "b"))
    .map((parts) => parts.join(""));
  const member = fc.oneof(selector, fc.constantFrom("integration:*", "credential:*", "configuration:*"));
  const list = fc.subarray([...permissions, "config", "metadata", "unknown:x"]);
  const claim = fc.dictionary(member, fc.oneof(fc.boolean(), list), { maxKeys: 6 });
  const more = fc.record({ unmatched: fc.constantFrom("Deny" as const, "Allow" as const) });
  const attributes = fc.record({ integration: value, credential: value, configuration: value });
  const omitted = fc.subarray(["integration", "credential", "configuration"] as const);

  test("leaving attributes out never widens", () => {
    fc.assert(
      fc.property(claim, more, attributes, omitted, (claim, more, full, omitted) => {
        const partial: Record<string, string> = { ...full };
        for (const name of omitted) delete partial[name];
        const wide = kept(claim, full, more);
        expect(kept(claim, partial, more).filter((permission) => !wide.includes(permission))).toEqual([]);
      }),
    );
  });

  test("what is taken away depends on attributes exactly if sending some leaves it", () => {
    const values = ["", "a", "b", "other"];
    fc.assert(
      fc.property(claim, more, attributes, omitted, (claim, more, full, omitted) => {
        const partial: Record<string, string> = { ...full };
        for (const name of omitted) delete partial[name];
        const narrower = new Narrower(read(claim, more), catalog);
        for (const name of permissions) {
          const permission = catalog.find(name) as number;
          if (narrower.keeps(permission, partial)) continue;
          const couldBe = completions(partial, omitted, values).some((sent) =>
            narrower.keeps(permission, sent),
          );
          expect(narrower.dependsOn(permission, partial).length > 0).toBe(couldBe);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("with everything sent, it is the last member by rank that matches", () => {
    fc.assert(
      fc.property(claim, attributes, (claim, sent) => {
        const ranked = Object.entries(claim).sort(([a], [b]) => rank(b) - rank(a));
        const deciding = ranked.find(([key]) => isMatch(key, sent));
        const keeps = deciding?.[1] ?? false;
        const wanted = permissions.filter((name) => {
          if (typeof keeps === "boolean") return keeps;
          const [type] = name.split(":");
          return (
            keeps.includes(name) ||
            keeps.includes(type as string) ||
            (name === "metadata:read" && keeps.includes("metadata:write"))
          );
        });
        expect(kept(claim, sent)).toEqual(wanted);
      }),
    );
  });
});

function completions(
  partial: JsonObject,
  omitted: readonly string[],
  values: readonly string[],
): JsonObject[] {
  return omitted.reduce<JsonObject[]>(
    (some, name) => some.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [partial],
  );
}

function rank(key: string): number {
  const base = ["integration", "credential", "configuration"].indexOf(key.slice(0, key.indexOf(":")));
  return base * 2 + (key.endsWith("*") ? 0 : 1);
}

function isMatch(key: string, sent: JsonObject): boolean {
  const value = sent[key.slice(0, key.indexOf(":"))];
  return value !== "" && (key.endsWith(":*") || value === key.slice(key.lastIndexOf(":") + 1));
}
