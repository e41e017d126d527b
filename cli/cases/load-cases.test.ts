import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { TokenPolicy } from "../../engine/model/objects.generated.ts";
import { loadCaseFile, loadCaseFolder } from "./load-cases.ts";
import { testKeySet } from "./test-keys.ts";

const root = mkdtempSync(join(tmpdir(), "sidegate-cases-"));
afterAll(() => rmSync(root, { recursive: true }));

mkdirSync(join(root, "manifests"));
writeFileSync(
  join(root, "manifests/objects.yaml"),
  `
kind: Organization
metadata: { name: acme }
---
kind: TokenPolicy
metadata: { name: mobile }
spec: { issuer: i, audiences: [a], keys: { jwksURL: "https://issuer.example/keys" } }
`,
);

const head = `
title: A world
folder: manifests
now: "2026-03-01T12:00:00Z"
`;
const question = `subject: "user:ada", permission: "reports:view", scope: platform`;

/** Each line stands for nine times the one before. */
const LAUGHS = ["ab", "bc", "cd", "de", "ef"]
  .map(([before, name]) => `${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]\n`)
  .join("");

function load(text: string) {
  const path = join(root, "cases.yaml");
  writeFileSync(path, text);
  return loadCaseFile(path, { root });
}

describe("A case file", () => {
  test("gives worlds with their cases", async () => {
    const [world] = await load(`${head}
objects: [{ kind: Organization, metadata: { name: globex } }]
cases:
  - { name: a, says: { line: 3, words: w }, request: { ${question}, groups: [g], at: "2026-03-02T00:00:00Z" }, want: allow }
  - { name: b, without: [Organization/globex], request: { ${question}, context: { a: 1 } }, want: { deny: NoGrant, disclosure: NotFound } }
`);
    expect(world).toMatchObject({ file: "cases.yaml", title: "A world", isValid: true });
    expect(world?.objects.map(({ metadata }) => metadata.name)).toEqual(["acme", "mobile", "globex"]);
    const [a, b] = world?.cases ?? [];
    expect(a).toMatchObject({
      says: { line: 3, words: "w" },
      now: Date.parse("2026-03-02T00:00:00Z"),
      request: { subjectKind: "User", subjectName: "ada", groups: ["g"], resourceName: "", activeRoles: [] },
      want: { outcome: "Allowed" },
    });
    expect(a?.objects).toBe(world?.objects);
    expect(b?.objects.map(({ metadata }) => metadata.name)).toEqual(["acme", "mobile"]);
    expect(b).toMatchObject({
      request: { context: { a: 1 } },
      want: { outcome: "NoGrant", disclosure: "NotFound" },
    });
  });

  test("gets the test keys for the folder's token policies, and for its own where it says so", async () => {
    const [world] = await load(`${head}
objects:
  - kind: TokenPolicy
    metadata: { name: own }
    spec: { keys: { jwks: "{{test-keys: es256}}" } }
  - kind: TokenPolicy
    metadata: { name: other }
    spec: { keys: { jwks: "{}" } }
cases: [{ name: a, request: { permission: "a:b", scope: platform, token: { policy: mobile, claims: { sub: ada } } }, want: allow }]
`);
    const keys = world?.objects
      .filter((object): object is TokenPolicy => object.kind === "TokenPolicy")
      .map(({ spec }) => spec.keys.jwks);
    expect(keys).toEqual([testKeySet(), testKeySet(["es256"]), "{}"]);
    const request = world?.cases[0]?.request;
    expect(request).toMatchObject({
      subjectKind: "",
      token: { signedBy: "eddsa", claims: { iss: "i", aud: "a" } },
    });
  });

  test("may ask what may be given, what a list holds and why", async () => {
    const [world] = await load(`${head}
cases:
  - { name: a, canGrant: { actor: "user:ada", verb: Give, role: r, scope: platform, target: "group:x:y" }, want: { deny: NoGrant } }
  - { name: b, canGrant: { actor: "user:ada", verb: Take, role: r, scope: platform, target: "serviceaccount:n/s" }, want: { error: InvalidRequest } }
  - name: c
    listSubjects: { permission: "a:b", scope: platform, at: "2026-03-02T00:00:00Z" }
    want: { always: ["user:ada", "user:bob"], until: { "user:bob": "2026-04-01T00:00:00Z" }, conditional: { "group:x": [Group, { Names: y }], "user:eve": [] } }
  - { name: d, listScopes: { subject: "user:ada" }, want: {} }
  - { name: e, listPermissions: { subject: "user:ada", scope: platform }, want: { always: ["a:b"] } }
  - { name: f, listGrantable: { actor: "user:ada", scope: platform }, want: { give: ["r at platform"], take: [] } }
  - { name: g, explain: { ${question} }, want: { decision: allow, grants: [{ binding: b }] } }
`);
    expect(world?.cases).toEqual([]);
    expect(world?.grantCases.map(({ question, want }) => ({ ...question, want }))).toEqual([
      {
        ...{ verb: "Give", role: "r", target: { kind: "Group", name: "x:y" }, want: "NoGrant" },
        actor: expect.objectContaining({ subjectName: "ada", permission: "", scope: "platform" }),
      },
      expect.objectContaining({ target: { kind: "ServiceAccount", name: "n/s" }, want: "InvalidRequest" }),
    ]);
    const [subjects, scopes, permissions] = world?.listCases ?? [];
    expect(subjects).toMatchObject({ form: "subjects", query: { permission: "a:b", subjectKind: "" } });
    expect(subjects?.now).toBe(Date.parse("2026-03-02T00:00:00Z"));
    expect(subjects?.want.always).toEqual(
      new Map([
        ["user:ada", undefined],
        ["user:bob", Date.parse("2026-04-01T00:00:00Z")],
      ]),
    );
    expect(subjects?.want.conditional).toEqual(
      new Map([
        [
          "group:x",
          [
            { kind: "Group", detail: undefined },
            { kind: "Names", detail: "y" },
          ],
        ],
        ["user:eve", undefined],
      ]),
    );
    expect(scopes).toMatchObject({ form: "scopes", query: { permission: "", scope: "" } });
    expect(permissions).toMatchObject({ form: "permissions", query: { subjectName: "ada" } });
    expect(world?.grantableCases).toMatchObject([{ actor: { subjectName: "ada" }, want: { take: [] } }]);
    expect(world?.explainCases).toMatchObject([{ request: { permission: "reports:view" } }]);
  });

  test("may have its manifests read by the caller, each folder once", async () => {
    const read: string[] = [];
    const readManifests = async (folder: string) => {
      read.push(folder);
      return [];
    };
    const one = `${head}cases: [{ name: a, request: { ${question} }, want: allow }]`;
    writeFileSync(join(root, "cases.yaml"), `${one}\n---\n${one.replace("A world", "Another")}`);
    const worlds = await loadCaseFolder(root, { root, readManifests });
    expect(read).toEqual([join(root, "manifests")]);
    expect(worlds.map(({ objects }) => objects)).toEqual([[], []]);
  });

  test.each([
    ["no YAML", "a: [", "cases.yaml: Flow sequence"],
    ["anchors that explode", `a: &a [x, x]\n${LAUGHS}`, "cases.yaml: Excessive alias count"],
    [
      "a misspelt field",
      `${head}case: []`,
      "cases.yaml, document 1: the document has no cases; case is not known",
    ],
    [
      "a name that stands there twice",
      `${head}cases: [{ name: a, request: { ${question} }, want: allow }, { name: a, request: { ${question} }, want: allow }]`,
      'cases.yaml, A world: "a" stands there twice',
    ],
    [
      "nothing to leave out",
      `${head}cases: [{ name: a, without: [Organization/globex], request: { ${question} }, want: allow }]`,
      "cases.yaml, a: there is no Organization/globex to leave out",
    ],
    [
      "two questions",
      `${head}cases: [{ name: a, request: { ${question} }, explain: { ${question} }, want: allow }]`,
      "cases.yaml, a: a case asks one question, not request and explain",
    ],
    [
      "a level with another reason",
      `${head}cases: [{ name: a, request: { ${question} }, want: { deny: NoGrant, disclosure: Forbidden, level: Platform } }]`,
      "cases.yaml, a: want says a level with WrongLevel, and with nothing else",
    ],
    [
      "an end of what is not there",
      `${head}cases: [{ name: a, listScopes: {}, want: { until: { platform: "2026-03-02T00:00:00Z" } } }]`,
      "cases.yaml, a: want.until has platform, which is not in always",
    ],
    [
      "a key that is not there",
      `${head}objects: [{ kind: TokenPolicy, metadata: { name: p }, spec: { keys: { jwks: "{{test-keys: rsa}}" } } }]
cases: [{ name: a, request: { ${question} }, want: allow }]`,
      "cases.yaml, A world: TokenPolicy/p: {{test-keys: rsa}} names no test key",
    ],
  ])("is refused with %s", async (_, text, message) => {
    await expect(load(text)).rejects.toMatchObject({
      code: "SG5010",
      message: expect.stringContaining(message),
    });
  });
});
