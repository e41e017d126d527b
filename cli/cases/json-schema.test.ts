import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { checkAgainst, compileJsonSchema, type JsonSchema } from "./json-schema.ts";

const text = readFileSync(join(import.meta.dirname, "case.schema.json"), "utf8");
const schema = compileJsonSchema(JSON.parse(text));
const isInstant = (instant: string) => !Number.isNaN(Date.parse(instant)) && instant.includes("T");
const standard = new Ajv2020({ formats: { "date-time": isInstant } }).compile(JSON.parse(text));

const request = { subject: "user:ada", permission: "reports:view", scope: "platform" };
const one = { name: "it is allowed", request, want: "allow" };
const world = { title: "A world", now: "2026-03-01T12:00:00Z", folder: "base", cases: [one] };
const withCase = (entry: object) => ({ ...world, cases: [{ ...one, ...entry }] });
const withRequest = (entry: object) => withCase({ request: { ...request, ...entry } });

const asking = (question: object, want: unknown) => ({ ...world, cases: [{ name: "a", ...question, want }] });

describe("The schema of case files takes", () => {
  test.each<[string, unknown]>([
    ["a world", world],
    ["attributes of any shape", withRequest({ subjectAttributes: { a: [1, { b: null }] }, context: {} })],
    ["a token", withRequest({ token: { policy: "p", claims: { a: null }, without: ["exp"], key: "es256" } })],
    [
      "a long text and long lists",
      withRequest({ rawToken: { repeat: "a", times: 9000 }, groups: { same: "a", count: 2 } }),
    ],
    [
      "a denial with a level",
      withCase({ want: { deny: "WrongLevel", disclosure: "Forbidden", level: "Platform" } }),
    ],
    ["an error", withCase({ want: { error: "InvalidRequest" } })],
    [
      "a right to grant",
      asking(
        { canGrant: { actor: "user:ada", verb: "Take", role: "r", scope: "platform", target: "group:" } },
        { deny: "NoGrant" },
      ),
    ],
    [
      "a list",
      asking(
        { listSubjects: { permission: "a:b", scope: "platform", at: world.now } },
        { always: ["user:ada"], conditional: { "user:bob": ["Condition", { Names: "a" }] } },
      ),
    ],
    ["an empty list", asking({ listPermissions: { scope: "platform" } }, {})],
    [
      "what may be given",
      asking(
        { listGrantable: { actor: "user:ada", scope: "platform" } },
        { give: ["r at platform"], take: [] },
      ),
    ],
    [
      "an explanation",
      asking(
        { explain: request },
        {
          decision: "allow",
          grants: [{ rule: 0 }],
          nearestMisses: [[{ kind: "Grant", role: "r" }]],
          only: true,
        },
      ),
    ],
  ])("%s", (_, document) => {
    expect(checkAgainst(schema, document)).toEqual([]);
    expect(standard(document)).toBe(true);
  });
});

describe("The schema of case files refuses, saying where and what,", () => {
  test.each<[string, unknown, string]>([
    ["a text", "world", "the document is no object"],
    ["a world without a title", { ...world, title: undefined }, "title is no string"],
    ["a world without objects", { title: "A", now: world.now, cases: [one] }, "the document has no folder"],
    ["a world without cases", { ...world, cases: [] }, "cases has fewer than 1 entries"],
    [
      "an instant without a zone",
      { ...world, now: "2026-03-01" },
      "now is no instant such as 2026-03-01T12:00:00Z",
    ],
    ["an empty name", withCase({ name: "" }), "cases[0].name is empty"],
    ["a misspelt field", withCase({ witout: [] }), "cases[0].witout is not known"],
    [
      "a kind that there is not",
      withCase({ with: [{ kind: "Role", metadata: { name: "a" } }] }),
      "cases[0].with[0].kind is none of AccessDomain",
    ],
    ["a line that is none", withCase({ says: { line: 0, words: "w" } }), "cases[0].says.line is less than 1"],
    [
      "a subject of no kind",
      withRequest({ subject: "ada" }),
      "cases[0].request.subject is not written as ^(user|serviceaccount):.+$",
    ],
    ["an unknown key", withRequest({ token: { key: "rsa" } }), "cases[0].request.token.key is none of eddsa"],
    [
      "a denial without disclosure",
      withCase({ want: { deny: "NoGrant" } }),
      "cases[0].want has no disclosure",
    ],
    ["no question", withCase({ request: undefined }), "cases[0].request is no object"],
    ["an answer to another question", withCase({ want: { always: [] } }), "cases[0].want"],
    [
      "a target of no kind",
      asking({ canGrant: { verb: "Give", role: "r", scope: "platform", target: "ada" } }, "allow"),
      "cases[0].canGrant.target is not written as",
    ],
    [
      "an end that is no instant",
      asking({ listScopes: {} }, { always: ["platform"], until: { platform: "soon" } }),
      "cases[0].want.until.platform is no instant",
    ],
  ])("%s", (_, document, problem) => {
    expect(checkAgainst(schema, document).join("; ")).toContain(problem);
    expect(standard(JSON.parse(JSON.stringify(document)))).toBe(false);
  });
});

test("A keyword that would not be heeded is a defect of the schema", () => {
  const strange = { properties: { a: { maxLength: 3 } } } as JsonSchema;
  expect(() => compileJsonSchema(strange)).toThrow("maxLength");
});

test("Of choices that exclude one another only one may fit", () => {
  const choice = compileJsonSchema({ oneOf: [{ type: "string" }, { minLength: 1 }] });
  expect(checkAgainst(choice, "a")).toEqual(["the document has two forms at once"]);
});
