import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crds } from "../../../crds/definitions.ts";
import { createManifestValidator } from "../../../engine/validate/manifest-validator.ts";
import { formatFolderProblem } from "./folder-problem.ts";
import { FolderReader } from "./folder-reader.ts";
import { manifestLimits } from "./manifest-limits.ts";

const validator = createManifestValidator(crds);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sidegate-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function createReader(): FolderReader {
  return new FolderReader({ folder, domain: "default", validator, pause: async () => {} });
}

function organization(name: string, rest = ""): string {
  return `apiVersion: sidegate.dev/v1alpha1\nkind: Organization\nmetadata:\n  name: ${name}\n${rest}spec: {}\n`;
}

const role = `# Who builds.
apiVersion: sidegate.dev/v1alpha1
kind: AccessRole
metadata:
  name: engineer
spec:
  assignableAt: [Environment]
  rules:
    - resources: [logs]
      verbs: [view]
`;

describe("a folder of manifests", () => {
  it("is read recursively, in the order of paths, with defaults applied", async () => {
    write("b.yaml", role);
    write("a/x.yml", `${organization("one")}---\n${organization("two")}`);
    write("a/y.json", JSON.stringify({ ...parsed("three") }));
    const { manifests, problems, files } = await createReader().read();
    expect(problems).toEqual([]);
    expect([...manifests.keys()]).toEqual([
      "default/Organization/one",
      "default/Organization/two",
      "default/Organization/three",
      "default/AccessRole/engineer",
    ]);
    expect([...files]).toEqual(["a/x.yml", "a/y.json", "b.yaml"]);
    expect(manifests.get("default/AccessRole/engineer")).toMatchObject({
      file: "b.yaml",
      line: 2,
      object: { spec: { rules: [{ effect: "Allow" }] } },
    });
    expect(manifests.get("default/Organization/two")?.line).toBe(7);
  });

  it("takes lists apart, and namespaces for domains", async () => {
    const items = [parsed("one"), { ...parsed("one"), metadata: { name: "one", namespace: "shop" } }];
    write("list.json", JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    write(
      "typed.yaml",
      `apiVersion: sidegate.dev/v1alpha1\nkind: OrganizationList\nitems:\n- ${organization("two").replaceAll("\n", "\n  ")}\n`,
    );
    const { manifests, problems } = await createReader().read();
    expect(problems).toEqual([]);
    expect([...manifests.keys()]).toEqual([
      "default/Organization/one",
      "shop/Organization/one",
      "default/Organization/two",
    ]);
  });

  it("leaves out what is not Sidegate's, and says so", async () => {
    write("kustomization.yaml", "resources: [nothing]\n");
    write("cases/case.yaml", "not: a manifest\n");
    write("roles.cases.yaml", "not: a manifest\n");
    write(".hidden/a.yaml", "not: a manifest\n");
    write(".a.yaml.swp", "not: a manifest\n");
    write("notes.txt", "not a manifest\n");
    write("empty.yaml", "# nothing yet\n");
    write("config.yaml", "\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\n");
    write("other.yaml", "apiVersion: example.org/v1\nkind: Environment\nmetadata: {name: x}\n");
    const { manifests, problems, foreign } = await createReader().read();
    expect(problems).toEqual([]);
    expect(manifests.size).toBe(0);
    expect(foreign).toEqual([
      { what: "ConfigMap shop/settings", file: "config.yaml", line: 2 },
      { what: "Environment x", file: "other.yaml", line: 1 },
    ]);
  });

  it("may have a byte order mark, and line breaks of Windows", async () => {
    write("a.yaml", `\ufeff${role.replaceAll("\n", "\r\n")}---\r\n${organization("one")}`);
    const { manifests, problems } = await createReader().read();
    expect(problems).toEqual([]);
    expect([...manifests.values()].map(({ line }) => line)).toEqual([2, 12]);
  });

  it("follows links, and reads what several lead to once", async () => {
    // A mounted ConfigMap.
    write("..2026_01/a.yaml", organization("one"));
    symlinkSync("..2026_01", join(folder, "..data"));
    symlinkSync("..data/a.yaml", join(folder, "a.yaml"));
    symlinkSync("..data/a.yaml", join(folder, "b.yaml"));
    symlinkSync(".", join(folder, "again"));
    symlinkSync("a.yaml", join(folder, "unread"));
    const reader = createReader();
    const { manifests, problems } = await reader.read();
    expect(problems).toEqual([]);
    expect([...manifests.values()].map(({ file }) => file)).toEqual(["a.yaml"]);
    expect(reader.directories).toEqual([folder, join(folder, "..2026_01")]);
  });

  it("names both places where an object is declared twice", async () => {
    write("a.yaml", organization("one"));
    linkSync(join(folder, "a.yaml"), join(folder, "b.yaml"));
    write("c.yaml", `\n${organization("one", "  namespace: default\n".replace(/^ {2}/, "  "))}`);
    const { problems } = await createReader().read();
    expect(problems.map(formatFolderProblem)).toEqual([
      "b.yaml:1: Organization default/one: is declared in a.yaml:1 already (SG1107 DuplicateObject)\n  Remove one of them, or rename it; the message names both places.",
      expect.stringMatching(/^c\.yaml:2: Organization default\/one: is declared in a\.yaml:1 already/),
    ]);
  });

  it("reads again only what changed", async () => {
    write("a.yaml", `${organization("one")}---\n${organization("two")}`);
    const reader = createReader();
    const first = await reader.read();
    expect(await reader.read()).toBe(first);
    symlinkSync("nowhere", join(folder, "b.yaml"));
    const broken = await reader.read();
    expect(await reader.read()).toBe(broken);
    rmSync(join(folder, "b.yaml"));
    write("a.yaml", `# Moved down.\n---\n${organization("three")}---\n${organization("two")}`);
    const second = await reader.read();
    const key = "default/Organization/two";
    expect([...second.manifests.keys()]).toEqual(["default/Organization/three", key]);
    expect(second.manifests.get(key)?.object).toBe(first.manifests.get(key)?.object);
    expect(second.manifests.get(key)?.line).toBe(9);
  });
});

/** What is wrong with one file, and what the report says: file, line, object, field, remedy. */
const broken: { name: string; file?: string; text: string | Uint8Array; wanted: RegExp }[] = [
  {
    name: "a misspelt field",
    text: role.replace("verbs:", "verb:"),
    wanted:
      /^x\.yaml:10: AccessRole engineer: spec\.rules\[0\]\.verb: there is no field "verb" \(SG1003 UnknownField\)\n {2}.*verbs/,
  },
  {
    name: "a misspelt field in flow style over two lines",
    text: role.replace(
      "    - resources: [logs]\n      verbs: [view]",
      "    - {resources: [logs],\n       verb: [view]}",
    ),
    wanted: /^x\.yaml:10: AccessRole engineer: spec\.rules\[0\]\.verb: /,
  },
  {
    name: "a missing field, at what surrounds it",
    text: role.replace("      verbs: [view]\n", ""),
    wanted:
      /^x\.yaml:9: AccessRole engineer: spec\.rules\[0\]\.verbs: is missing \(SG1004 MissingField\)\n {2}Add it/,
  },
  {
    name: "a value that is not allowed",
    text: role.replace("[Environment]", "\n    - Environment\n    - Enviroment"),
    wanted:
      /^x\.yaml:9: AccessRole engineer: spec\.assignableAt\[1\]: .*"Enviroment".*\(SG1001 InvalidManifest\)/,
  },
  {
    name: "a value that YAML takes for another type",
    text: role.replace("[view]", "[on]"),
    wanted:
      /^x\.yaml:10: AccessRole engineer: spec\.rules\[0\]\.verbs\[0\]: is the boolean true where a string belongs .*\n {2}Put it in quotes/,
  },
  {
    name: "a rule of the kind",
    text: "---\n---\napiVersion: sidegate.dev/v1alpha1\nkind: Environment\nmetadata: {name: dev}\nspec: {}\n",
    wanted: /^x\.yaml:6: Environment dev: spec: .*\(SG1006 RuleBroken\)/,
  },
  {
    name: "a label whose name holds dots",
    text: role.replace("name: engineer", "name: engineer\n  labels:\n    a.b/c.d: 1"),
    wanted: /^x\.yaml:7: AccessRole engineer: metadata\.labels\.a\.b\/c\.d: is the number 1 where/,
  },
  {
    name: "an unknown kind",
    text: role.replace("AccessRole", "AccessRoles"),
    wanted:
      /^x\.yaml:3: AccessRoles engineer: kind: "AccessRoles" is not known \(SG1002 UnknownKind\)\n {2}Did you mean AccessRole\?/,
  },
  {
    name: "a misspelt group",
    text: role.replace("sidegate.dev/", "sidgate.dev/"),
    wanted:
      /^x\.yaml:2: AccessRole engineer: apiVersion: .* \(SG1002 UnknownKind\)\n {2}Write sidegate\.dev\/v1alpha1/,
  },
  {
    name: "another version",
    text: organization("one").replace("v1alpha1", "v2"),
    wanted: /^x\.yaml:1: Organization one: apiVersion: .* \(SG1002 UnknownKind\)/,
  },
  {
    name: "a known kind of an unknown group",
    text: role.replace("sidegate.dev/v1alpha1", "example.org/v1"),
    wanted: /^x\.yaml:2: AccessRole engineer: apiVersion: /,
  },
  {
    name: "a document that is no object",
    text: "engineer\n",
    wanted: /^x\.yaml:1: manifest without a name: apiVersion: is missing \(SG1002/,
  },
  {
    name: "an item of a list",
    file: "x.json",
    text: JSON.stringify(
      { apiVersion: "v1", kind: "List", items: [parsed("one"), { ...parsed("two"), spec: { nam: 1 } }] },
      null,
      1,
    ),
    wanted: /^x\.json:20: Organization two: items\[1\]\.spec\.nam: there is no field "nam"/,
  },
  {
    name: "wrong indentation",
    text: role.replace("      verbs", "     verbs"),
    wanted:
      /^x\.yaml:10: Sequence item without - indicator \(SG1105 InvalidYaml\)\n {2}Correct the text at the line/,
  },
  {
    name: "a missing quote",
    text: role.replace("engineer", '"engineer'),
    wanted: /^x\.yaml:\d+: .*quote.* \(SG1105/i,
  },
  {
    name: "a key given twice",
    text: role.replace("spec:\n", "spec:\n  rules: []\n"),
    wanted: /^x\.yaml:9: The key "rules" is given twice \(SG1105/,
  },
  {
    name: "a template",
    text: "name: {{ .Values.name }}\n",
    wanted: /^x\.yaml:1: A key must be a string \(SG1105/,
  },
  { name: "an alias without an anchor", text: "a: *x\n", wanted: /^x\.yaml:1: Unresolved alias .* \(SG1105/ },
  {
    name: "JSON that is none",
    file: "x.json",
    text: '{\n  "kind": }\n',
    wanted: /^x\.json:2: A value is expected where "}" stands \(SG1105/,
  },
  {
    name: "an empty JSON file",
    file: "x.json",
    text: "",
    wanted: /^x\.json:1: A value is expected where the file ends \(SG1105/,
  },
  {
    name: "a key given twice in JSON",
    file: "x.json",
    text: '{"a\\"": 1, "b": "a:", "b" : 2}',
    wanted: /^x\.json:1: A key is given twice in one object \(SG1105/,
  },
  {
    name: "bytes that are not UTF-8",
    text: Buffer.concat([Buffer.from("a: é\nb: "), Buffer.from([0xe9, 0x0a])]),
    wanted: /^x\.yaml:2: Byte 10 is not UTF-8 \(SG1104 InvalidEncoding\)/,
  },
  {
    name: "UTF-16",
    text: Buffer.from(`\ufeff${role}`, "utf16le"),
    wanted: /^x\.yaml:1: Byte 0 is not UTF-8 \(SG1104/,
  },
  {
    name: "a control character",
    text: 'a: "\u0000"\n',
    wanted: /^x\.yaml:1: The character U\+0000 is not allowed \(SG1104/,
  },
  {
    name: "a line separator that only some take for a line break",
    text: "a: b\nc: \u2028d\n",
    wanted: /^x\.yaml:2: The character U\+2028/,
  },
];

describe("a broken manifest is reported with file, line, object, field and remedy", () => {
  it.each(broken)("$name", async ({ file = "x.yaml", text, wanted }) => {
    write(file, text);
    const { problems } = await createReader().read();
    expect(problems.map(formatFolderProblem).join("\n")).toMatch(wanted);
  });

  it("a file that may not be read", async () => {
    write("x.yaml", role);
    chmodSync(join(folder, "x.yaml"), 0);
    const { problems, manifests } = await createReader().read();
    // Root reads everything.
    if (process.getuid?.() === 0) expect(manifests.size).toBe(1);
    else
      expect(problems.map(formatFolderProblem)[0]).toMatch(/^x\.yaml: This process may not read it \(SG1102/);
  });

  it("a link that leads to nothing", async () => {
    symlinkSync("nowhere", join(folder, "x.yaml"));
    const { problems } = await createReader().read();
    expect(problems.map(formatFolderProblem)[0]).toMatch(
      /^x\.yaml: The link leads to nothing \(SG1102 UnreadableFile/,
    );
  });

  it("a folder that is not there, or is none", async () => {
    const at = (path: string) =>
      new FolderReader({ folder: path, domain: "d", validator, pause: async () => {} }).read();
    write("file", "");
    const missing = await at(join(folder, "missing"));
    const file = await at(join(folder, "file"));
    expect(missing.problems[0]).toMatchObject({ code: "SG1101", message: "There is no such file or folder" });
    expect(file.problems[0]).toMatchObject({ code: "SG1101", message: "It is no folder" });
  });
});

describe("hostile input gets a bounded answer", () => {
  const hostile: { name: string; text: () => string; wanted: RegExp }[] = [
    {
      name: "anchors that explode",
      text: laughs,
      wanted:
        /^x\.yaml:1: The aliases of the document stand for more than 100 times its content \(SG1106 ExcessiveYaml/,
    },
    { name: "merge keys that explode", text: merges, wanted: /\(SG1106 / },
    { name: "an anchor that holds itself", text: () => "a: &a [*a]\n", wanted: /\(SG1106 / },
    {
      name: "very many aliases",
      text: () => `- &a x\n${"- *a\n".repeat(80_000)}`,
      wanted: /too many aliases for its \d+ characters \(SG1106/,
    },
    {
      name: "very many keys",
      text: () => Array.from({ length: 30_000 }, (_, at) => `? k${at}\n`).join(""),
      wanted: /apiVersion: is missing/,
    },
    { name: "deep nesting", text: () => "[".repeat(100_000), wanted: /nests deeper than 64 levels \(SG1106/ },
    {
      name: "a long document with more than block style",
      text: () => `a: >\n${"  x\n".repeat(200_000)}`,
      wanted: /^x\.yaml:1: A document of more than 524288 characters .* \(SG1103 FolderTooLarge/,
    },
    {
      name: "10 MB of one scalar",
      text: () => `a: ${"x".repeat(10_000_000)}\n`,
      wanted: /^x\.yaml:1: .*apiVersion: is missing/,
    },
    { name: "10 MB of line breaks", text: () => "\n".repeat(10_000_000), wanted: /^$/ },
    { name: "10 MB of separators", text: () => "---\n".repeat(2_500_000), wanted: /^$/ },
    {
      name: "10 MB of nonsense documents",
      text: () => "--- a\n".repeat(1_600_000),
      wanted: /^x\.yaml:1: .*\n.*\nx\.yaml:2: /,
    },
  ];

  it.each(hostile)("$name", async ({ text, wanted }) => {
    write("x.yaml", text());
    const { problems } = await createReader().read();
    expect(problems.length).toBeLessThanOrEqual(manifestLimits.problems);
    expect(problems.map(formatFolderProblem).join("\n")).toMatch(wanted);
  });

  it("10 MB of one JSON string, and of escapes", async () => {
    write("a.json", `{"kind": "${"x".repeat(10_000_000)}", "extra": }`);
    write("b.json", `{"kind": "${"\\\\".repeat(5_000_000)}"}`);
    const { problems } = await createReader().read();
    expect(problems.map(formatFolderProblem)[0]).toMatch(
      /^a\.json:1: A value is expected where "\}" stands \(SG1105/,
    );
    expect(problems[1]).toMatchObject({ file: "b.json", line: 1, path: "apiVersion" });
  });

  it("deeply nested JSON", async () => {
    write("x.json", "[".repeat(100_000) + "]".repeat(100_000));
    const { problems } = await createReader().read();
    expect(problems.map(formatFolderProblem)[0]).toMatch(/^x\.json:1: .* 64 levels \(SG1106/);
  });

  it("100,000 manifests", async () => {
    const documents = Array.from({ length: 100_000 }, (_, index) => organization(`org-${index}`));
    write("x.yaml", documents.join("---\n"));
    const { manifests, problemCount } = await createReader().read();
    expect(problemCount).toBe(0);
    expect(manifests.size).toBe(100_000);
    expect(manifests.get("default/Organization/org-99999")?.line).toBe(99_999 * 6 + 1);
  });

  it("100,000 broken manifests: the first are named, and reading ends early", async () => {
    write("x.yaml", "---\nkind: Organization\n".repeat(100_000));
    const reader = createReader();
    const contents = await reader.read();
    const { problems, problemCount } = contents;
    expect(problems).toHaveLength(manifestLimits.problems);
    expect(problemCount).toBe(1000);
    expect(await reader.read()).toBe(contents);
  });

  function laughs(): string {
    let text = `a0: &a0 [${"x,".repeat(9)}x]\n`;
    for (let level = 1; level < 12; level++)
      text += `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}*a0]\n`;
    return text;
  }

  function merges(): string {
    let text = "a0: &a0 {x: 1}\n";
    for (let level = 1; level < 30; level++) {
      text += `a${level}: &a${level} {p: {<<: *a${level - 1}}, q: {<<: *a${level - 1}}}\n`;
    }
    return text;
  }
});

function parsed(name: string): object {
  return { apiVersion: "sidegate.dev/v1alpha1", kind: "Organization", metadata: { name }, spec: {} };
}
