import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCli } from "./run-cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sidegate-lint-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const role = `apiVersion: sidegate.dev/v1alpha1
kind: AccessRole
metadata: {name: engineer}
spec:
  assignableAt: [Environment]
  rules:
    - resources: [logs, lgos]
      verbs: [view]
  includes: [support]
`;

const catalog = `apiVersion: sidegate.dev/v1alpha1
kind: PermissionCatalog
metadata: {name: main}
spec:
  resources:
    - {name: logs, level: Environment, verbs: [{name: view}]}
`;

describe("sidegate lint", () => {
  it.each(["redox", "paradime", "paradigm", "paragon", "paragon-connect"])(
    "finds nothing in the preset %s",
    async (preset) => {
      const { code, stdout, stderr } = await runCli(["lint", `presets/${preset}`]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^presets\/[a-z-]+: \d+ manifests, nothing to find fault with\n$/);
    },
  );

  it("names the place of what does not work", async () => {
    mkdirSync(join(folder, "roles"));
    writeFileSync(join(folder, "catalog.yaml"), catalog);
    writeFileSync(join(folder, "roles/engineer.yaml"), `# first\n---\n${role}`);
    const { code, stdout } = await runCli(["lint", folder]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^roles\/engineer\.yaml:9: AccessRole engineer: spec\.rules\[0\]\.resources: .*lgos.* \(UnknownPermission\)$/m,
    );
    expect(stdout).toMatch(
      /^roles\/engineer\.yaml:11: AccessRole engineer: spec\.includes\[0\]: .*support.* \(ReferenceNotFound\)$/m,
    );
    expect(stdout).toMatch(/: 2 manifests, 2 findings\n$/);
  });

  it("lists broken manifests with their remedies, for people and for scripts", async () => {
    writeFileSync(join(folder, "a.yaml"), role.replace("verbs", "verb"));
    writeFileSync(join(folder, "b.yaml"), "a: [\n");
    const table = await runCli(["lint", folder]);
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(
      /^a\.yaml:8: AccessRole engineer: spec\.rules\[0\]\.verb: there is no field "verb" \(SG1003 UnknownField\)\n {2}Did you mean verbs\?\n/,
    );
    expect(table.stdout).toMatch(/^b\.yaml:2: .* \(SG1105 InvalidYaml\)\n/m);
    const json = await runCli(["lint", folder, "--output", "json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      manifests: 0,
      problemCount: 3,
      problems: [
        {
          file: "a.yaml",
          line: 8,
          code: "SG1003",
          object: "AccessRole engineer",
          path: "spec.rules[0].verb",
          remedy: "Did you mean verbs?",
        },
        { file: "a.yaml", line: 7, code: "SG1004" },
        { file: "b.yaml", line: 2, code: "SG1105" },
      ],
      findings: [],
    });
    const yaml = await runCli(["lint", folder, "--output", "yaml"]);
    expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  });

  it("tells of traps and what to do, notes if asked, and nothing that an annotation suppresses", async () => {
    const trap = (metadata: string) => `apiVersion: sidegate.dev/v1alpha1
kind: AccessRole
metadata: ${metadata}
spec:
  assignableAt: [Organization]
  rules: [{resources: ["*"], verbs: ["*"]}]
`;
    writeFileSync(join(folder, "catalog.yaml"), catalog);
    writeFileSync(join(folder, "role.yaml"), trap("{name: admin}"));
    const plain = await runCli(["lint", folder]);
    expect(plain.code).toBe(1);
    expect(plain.stdout).toMatch(
      /^role\.yaml:6: AccessRole admin: spec\.rules\[0\]\.resources: "\*" .* \(warning WildcardReachesBelow\)\n {2}Name the types .*\n.*: 2 manifests, 1 finding\n$/,
    );
    const ignore = '{name: admin, annotations: {sidegate.dev/lint-ignore: "WildcardReachesBelow"}}';
    writeFileSync(join(folder, "role.yaml"), trap(ignore));
    const ignored = await runCli(["lint", folder]);
    expect(ignored.code).toBe(0);
    expect(ignored.stdout).toMatch(/: 2 manifests, nothing to find fault with, 1 ignored\n$/);
    const notes = await runCli(["lint", folder, "--notes", "-o", "json"]);
    expect(notes.code).toBe(0);
    expect(JSON.parse(notes.stdout)).toMatchObject({
      ignored: 1,
      findings: [{ severity: "note", reason: "UnusedRole", object: "AccessRole admin", file: "role.yaml" }],
    });
  });

  it("can not tell where a folder or a file can not be read", async () => {
    const missing = await runCli(["lint", join(folder, "nowhere")]);
    expect(missing.code).toBe(2);
    expect(missing.stdout).toMatch(/nowhere: There is no such file or folder \(SG1101 UnreadableFolder\)/);
    writeFileSync(join(folder, "a.yaml"), Buffer.from([0xff, 0xfe]));
    const invalid = await runCli(["lint", folder]);
    expect(invalid.code).toBe(2);
    expect(invalid.stdout).toMatch(/^a\.yaml:1: Byte 0 is not UTF-8 \(SG1104 InvalidEncoding\)/);
  });
});
