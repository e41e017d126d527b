import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../engine/model/json.ts";
import { limits } from "../../engine/model/limits.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { type AskerOptions, addAskerOptions } from "./asker-options.ts";
import { collectFacts } from "./collect-facts.ts";
import { folderRequest } from "./folder-request.ts";
import { type Asker, formatAsker, readAsker } from "./read-asker.ts";
import { readTokenFile } from "./read-token-file.ts";
import { sidecarQuestion } from "./sidecar-question.ts";

const root = mkdtempSync(join(tmpdir(), "sidegate-asking-"));
afterAll(() => rmSync(root, { recursive: true }));

function tokenFile(text: string): string {
  const file = join(root, "token.jwt");
  writeFileSync(file, text);
  return file;
}

describe("Facts on the command line", () => {
  test.each<[string, JsonObject]>([
    ["ip=10.0.0.1", { ip: "10.0.0.1" }],
    ["level=3", { level: "3" }],
    ["level:=3", { level: 3 }],
    ["teams:=[{}]", { teams: [{}] }],
    ["empty=", { empty: "" }],
    ["expression=a==b", { expression: "a==b" }],
    ['{"ip": "::1", "mfa": true}', { ip: "::1", mfa: true }],
  ])("%s", (text, facts) => {
    expect(collectFacts(text, undefined)).toEqual(facts);
  });

  test("of several with one name the last counts, and no name is special", () => {
    const facts = ["a=1", '{"a": 2, "b": 3}', "__proto__=x"].reduce<JsonObject>(
      (previous, text) => collectFacts(text, previous),
      {},
    );
    expect(Object.entries(facts)).toEqual([
      ["a", 2],
      ["b", 3],
      ["__proto__", "x"],
    ]);
  });

  test.each([
    ["ip", "Write NAME=TEXT, NAME:=JSON or a JSON object"],
    ["=x", "Write NAME=TEXT"],
    ["a:b=x", "Write NAME=TEXT"],
    ["level:=three", "It is no JSON"],
    [`level:=${"[".repeat(49)}${"]".repeat(49)}`, "It is nested more than 48 deep"],
    [`{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`, "It is nested more than 48 deep"],
    ["{", "It is no JSON"],
    ["[1]", "Write a JSON object"],
  ])("%s is none", (text, message) => {
    expect(() => collectFacts(text, undefined)).toThrow(message);
  });
});

describe("A token from a file", () => {
  test("is read without the white space around it", async () => {
    expect(await readTokenFile(tokenFile("\n  a.b.c\n\n"))).toBe("a.b.c");
    expect(await readTokenFile(tokenFile("a".repeat(limits.token)))).toHaveLength(limits.token);
  });

  test.each([
    ["is not there", join(root, "nothing"), "SG5020"],
    ["is empty", tokenFile(" \n"), "SG5020"],
  ])("that %s is an error", async (_, file, code) => {
    if (file.endsWith(".jwt")) tokenFile(" \n");
    await expect(readTokenFile(file)).rejects.toMatchObject({ code });
  });

  test("is not read to the end where it is too long, and nothing of it is said", async () => {
    const reading = readTokenFile(tokenFile("secret".repeat(500_000)));
    await expect(reading).rejects.toMatchObject({
      code: "SG3001",
      message: `token has more than ${limits.token} characters`,
    });
  });
});

describe("Who asks", () => {
  const parse = (...args: string[]) => {
    const command = addAskerOptions(new Command())
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    return readAsker(command.parse(args, { from: "user" }).opts<AskerOptions>());
  };

  test("is told with the circumstances, to a sidecar and to a folder alike", async () => {
    const asker = await parse(
      ...["--subject", "user:ada", "--group", "ops", "--resource", "r", "--role", "editor"],
      ...["--subject-attribute", "a=1", "--resource-attribute", "b=2", "--context", "c=3"],
    );
    expect(sidecarQuestion(asker)).toEqual({
      subject: { kind: "User", name: "ada", groups: ["ops"], attributes: { a: "1" } },
      resource: { name: "r", attributes: { b: "2" } },
      activeRoles: ["editor"],
      context: { c: "3" },
    });
    const question = { permission: "a:b", scope: "platform" };
    expect(await folderRequest(policy, asker, question, 0)).toEqual({
      ...{ subjectKind: "User", subjectName: "ada", groups: ["ops"], ...question, resourceName: "r" },
      ...{ activeRoles: ["editor"], subjectAttributes: { a: "1" }, resourceAttributes: { b: "2" } },
      ...{ context: { c: "3" }, token: undefined },
    });
    expect(formatAsker(asker)).toBe("User:ada");
  });

  test("may be said by a token alone", async () => {
    const asker = await parse("--token-file", tokenFile("a.b.c"));
    expect(sidecarQuestion(asker)).toEqual({ token: "a.b.c" });
    const request = await folderRequest(policy, asker, { permission: "a:b", scope: "platform" }, 0);
    expect(request).toMatchObject({ subjectKind: "", token: { valid: false } });
    expect(formatAsker(asker)).toBe("the token's subject");
  });

  test("must be said", async () => {
    await expect(parse()).rejects.toMatchObject({ code: "SG5001" });
  });

  test("has facts within the limit", async () => {
    const asker: Asker = { context: { a: "x".repeat(limits.attributeBytes) } };
    await expect(
      folderRequest(policy, asker, { permission: "a:b", scope: "platform" }, 0),
    ).rejects.toMatchObject({
      code: "SG3001",
      message: expect.stringMatching(/^context has \d+ bytes/),
    });
  });
});

const policy = { model: { tokenPolicies: [] } } as unknown as Policy;
