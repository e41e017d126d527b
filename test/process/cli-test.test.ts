import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sidegate-test-"));
  mkdirSync(join(folder, "roles"));
  mkdirSync(join(folder, "cases"));
  writeFileSync(join(folder, "world.yaml"), world);
  writeFileSync(join(folder, "roles/viewer.yaml"), role);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const role = `apiVersion: sidegate.dev/v1alpha1
kind: AccessRole
metadata: {name: viewer}
spec: {assignableAt: [Organization], rules: [{resources: [logs], verbs: [view]}]}
`;

const world = `apiVersion: sidegate.dev/v1alpha1
kind: PermissionCatalog
metadata: {name: main}
spec: {resources: [{name: logs, level: Organization, verbs: [{name: view}, {name: retry}]}]}
---
apiVersion: sidegate.dev/v1alpha1
kind: Organization
metadata: {name: acme}
spec: {}
---
apiVersion: sidegate.dev/v1alpha1
kind: Membership
metadata: {name: ada}
spec: {organization: acme, subject: {kind: User, name: ada}}
---
apiVersion: sidegate.dev/v1alpha1
kind: AccessRoleBinding
metadata: {name: ada-views}
spec: {role: viewer, subjects: [{kind: User, name: ada}], scope: {kind: Organization, name: acme}}
`;

const views = `title: Ada
folder: ..
now: "2026-03-01T12:00:00Z"
cases:
  - name: views
    request: {subject: "user:ada", permission: "logs:view", scope: organization/acme}
    want: allow
`;

const retries = `  - name: retries
    request: {subject: "user:ada", permission: "logs:retry", scope: organization/acme}
    want: allow
`;

describe("sidegate test", () => {
  it("passes where all cases do, and asks for coverage", async () => {
    writeFileSync(join(folder, "cases/ada.yaml"), views);
    const passed = await runCli(["test", folder]);
    expect(passed.code).toBe(0);
    expect(passed.stdout).toMatch(
      /: 1 case, 0 failed\ncoverage of roles by permissions: 1 of 4 effects, 25 %\n$/,
    );
    const short = await runCli(["test", folder, "--coverage-min", "25.1", "--uncovered"]);
    expect(short.code).toBe(1);
    expect(short.stdout).toMatch(/^no case shows deny: viewer logs:retry$/m);
    expect(short.stdout).toMatch(/, 25 %, less than 25\.1 %\n$/);
  });

  it("explains what failed, for people, scripts and build servers", async () => {
    writeFileSync(join(folder, "ada.cases.yaml"), (views + retries).replace("folder: ..", "folder: ."));
    const junit = join(folder, "report.xml");
    const table = await runCli(["test", folder, "--junit", junit]);
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(
      /^FAILED ada\.cases\.yaml: Ada: retries\n {2}expected allow, got deny NoGrant \(Forbidden\)\n {2}User:ada logs:retry organization\/acme\n {2}effective at organization\/acme: viewer\n/,
    );
    expect(readFileSync(junit, "utf8")).toContain('tests="2" failures="1"');
    const json = await runCli(["test", folder, "-o", "json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      total: 2,
      failed: 1,
      cases: [
        { name: "views", passed: true },
        { name: "retries", passed: false, got: "deny NoGrant (Forbidden)" },
      ],
      coverage: { wanted: 4, covered: 1 },
    });
  });

  it("runs the files that are named and no others", async () => {
    writeFileSync(join(folder, "cases/ada.yaml"), views + retries);
    writeFileSync(join(folder, "cases/other.yaml"), views);
    const named = await runCli(["test", folder, join(folder, "cases/other.yaml")]);
    expect(named.code).toBe(0);
    expect(named.stdout).toMatch(/: 1 case, 0 failed/);
  });

  it("can not run without cases, with broken ones, with invalid objects or a broken folder", async () => {
    const none = await runCli(["test", folder]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/SG5010 .*there are no case files/)]);
    writeFileSync(join(folder, "cases/ada.yaml"), views.replace("want", "wnat"));
    expect(await runCli(["test", folder])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/SG5010.*cases\/ada\.yaml/),
    });
    const invalid =
      "objects: [{kind: AccessRole, metadata: {name: x}, spec: {assignableAt: [Organization], rule: []}}]";
    writeFileSync(join(folder, "cases/ada.yaml"), views.replace("folder: ..", `folder: ..\n${invalid}`));
    expect(await runCli(["test", folder])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/SG5010.*AccessRole.*spec\.rule/),
    });
    writeFileSync(join(folder, "world.yaml"), "a: [\n");
    expect(await runCli(["test", folder])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/SG5005/),
    });
  });
});
