import { expect, it } from "vitest";
import { uncheckedAttributes } from "./unchecked-attributes.ts";

it.each([
  ["resource.attributes.owner == subject.name", ["resource.attributes.owner"]],
  ["has(resource.attributes.owner) && resource.attributes.owner == subject.name", []],
  ['"owner" in resource.attributes && resource.attributes["owner"] == subject.name', []],
  [
    "has(resource.attributes.owner) && resource.attributes.team == context.team",
    ["resource.attributes.team", "context.team"],
  ],
  [
    'token.claims["urn:x"].a == 1 || member.attributes.team == "a"',
    ["token.claims.urn:x", "member.attributes.team"],
  ],
  ["has(context.a.b) && context.a.b == 1", []],
  ["context.a.b == 1 && context.a.c == 2", ["context.a"]],
  ["subject.groups.exists(g, g in workspace.attributes.teams.split(','))", ["workspace.attributes.teams"]],
  ["scope.kind == 'Platform' && resource.name == 'a'", []],
  ["context.", []],
  [`${"context.a || ".repeat(1000)}true`, []],
])("of %s: %j", (source, paths) => expect(uncheckedAttributes(source)).toEqual(paths));
