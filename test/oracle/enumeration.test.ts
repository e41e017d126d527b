import { expect, it } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build, role } from "../worlds/build.ts";
import { acme, atProd, denier, NOW, question, viewer } from "./acme.ts";
import { type Holdings, listPermissions, listScopes, listSubjects } from "./enumeration.ts";
import type { OracleRequest } from "./request.ts";

type List = (objects: readonly SidegateObject[], query: OracleRequest, now: number) => Holdings;

const TOMORROW = "2024-06-02T00:00:00Z";

/** What a list holds, as "about" or "about?" where it is conditional, with the end of what has one. */
function entries(
  list: List,
  objects: readonly SidegateObject[],
  query: Partial<OracleRequest> = {},
): string[] {
  const found = list([...acme, viewer, ...objects], { ...question, ...query }, NOW);
  return [...found].map(([about, { certainty, until }]) =>
    [
      about,
      certainty === "Always" ? "" : "?",
      until === undefined ? "" : ` until ${new Date(until).toISOString()}`,
    ].join(""),
  );
}

const editor = role("editor", { rules: [{ resources: ["doc"], verbs: ["edit"], names: ["a"] }] });
const named = binding("n", "editor", "User:ann", "organization/acme");

it("lists permissions, and says what hangs on names and conditions", () => {
  expect(entries(listPermissions, [atProd])).toEqual(["doc:view"]);
  expect(entries(listPermissions, [editor, named])).toEqual(["doc:view?", "doc:edit?"]);
  expect(entries(listPermissions, [{ ...atProd, spec: { ...atProd.spec, when: "true" } }])).toEqual([
    "doc:view?",
  ]);
  const denied = (spec = {}) => [denier, binding("d", "denier", "User:ann", "platform", spec)];
  expect(entries(listPermissions, [atProd, ...denied()])).toEqual([]);
  expect(entries(listPermissions, [atProd, ...denied({ when: "false" })])).toEqual(["doc:view?"]);
});

it("says how long it is so", () => {
  const ends = { ...atProd, spec: { ...atProd.spec, expiresAt: TOMORROW } };
  expect(entries(listPermissions, [ends])).toEqual(["doc:view until 2024-06-02T00:00:00.000Z"]);
  const goesOn = binding("more", "viewer", "User:ann", "organization/acme", {
    notBefore: "2024-06-01T12:00:00Z",
  });
  expect(entries(listPermissions, [ends, goesOn])).toEqual(["doc:view"]);
  const begins = [denier, binding("d", "denier", "User:ann", "platform", { notBefore: TOMORROW })];
  expect(entries(listPermissions, [atProd, ...begins])).toEqual(["doc:view until 2024-06-02T00:00:00.000Z"]);
});

it("lists subjects, and what a group gives to who has nothing else", () => {
  const bound = binding("b", "viewer", ["AccessGroup:team", "Group:staff"], "organization/acme");
  const team = build("AccessGroup", "team", {
    members: [
      { kind: "User", name: "ann" },
      { kind: "User", name: "eve" },
    ],
  });
  expect(entries(listSubjects, [bound, team])).toEqual(["User:ann", "Group:staff?"]);
  const everybody = binding("b", "viewer", "Group:system:authenticated", "platform");
  expect(entries(listSubjects, [everybody])).toEqual(["User:ann", "Group:system:authenticated"]);
});

it("lists the bearers of tokens, of whom nobody knows what their tokens leave", () => {
  const policy = build("TokenPolicy", "t", {
    issuer: "i",
    audiences: ["a"],
    keys: { jwks: "{}" },
    narrowing: { claim: "may", selectors: [{ pattern: "x:*", attribute: "x" }] },
  });
  const bound = binding("b", "viewer", "Group:token:t", "platform");
  expect(entries(listSubjects, [policy, bound])).toEqual(["Group:token:t?"]);
  const token = { claims: { iss: "i", aud: "a", sub: "ann", may: { "x:*": true } } };
  expect(entries(listPermissions, [policy, bound], { token })).toEqual(["doc:view?"]);
  const resourceAttributes = { x: "1" };
  expect(entries(listPermissions, [policy, bound], { token, resourceAttributes })).toEqual(["doc:view"]);
});

it("lists scopes for a permission, or for any", () => {
  expect(entries(listScopes, [atProd])).toEqual(["environment/prod"]);
  const payer = role("payer", { rules: [{ resources: ["bill"], verbs: ["view"] }] });
  const both = [atProd, payer, binding("p", "payer", "User:ann", "organization/acme")];
  expect(entries(listScopes, both, { permission: "" })).toEqual(["organization/acme", "environment/prod"]);
});
