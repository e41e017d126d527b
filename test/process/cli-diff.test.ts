import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { runCli } from "./run-cli.ts";

let root: string;
let old: string;
let made: string;
let server: FakeApiServer | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sidegate-diff-"));
  [old, made] = [join(root, "old"), join(root, "new")];
  for (const folder of [old, made]) {
    mkdirSync(folder);
    writeFileSync(join(folder, "world.yaml"), world);
  }
});
afterEach(async () => {
  rmSync(root, { recursive: true, force: true });
  await server?.stop();
  server = undefined;
});

/** Writes a manifest beside the preset's. */
function add(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, `${name}.yaml`), `apiVersion: sidegate.dev/v1alpha1\n${text}\n`);
}

const world = `apiVersion: sidegate.dev/v1alpha1
kind: PermissionCatalog
metadata: {name: main}
spec: {resources: [{name: logs, level: Environment, verbs: [{name: view}, {name: retry, implies: [view]}]}]}
---
apiVersion: sidegate.dev/v1alpha1
kind: AccessRole
metadata: {name: support}
spec: {assignableAt: [Environment], rules: [{resources: [logs], verbs: [retry]}]}
---
apiVersion: sidegate.dev/v1alpha1
kind: AccessRole
metadata: {name: owner}
spec: {assignableAt: [Organization], grants: [{roles: [support], levels: [Environment]}]}
---
apiVersion: sidegate.dev/v1alpha1
kind: Organization
metadata: {name: acme}
spec: {}
---
apiVersion: sidegate.dev/v1alpha1
kind: Environment
metadata: {name: acme-staging}
spec: {organization: acme}
`;

const sam = `kind: AccessRoleBinding
metadata: {name: sam-supports}
spec: {role: support, subjects: [{kind: Group, name: idp-support}], scope: {kind: Environment, name: acme-staging}`;

describe("sidegate diff", () => {
  it("finds nothing between a folder and its copy", async () => {
    const { code, stdout } = await runCli(["diff", old, made]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "0 gained, 0 lost, 0 conditional: nothing changed\n",
    });
  });

  it("lists what is gained and lost, and exits with 1 only if something is widened", async () => {
    add(made, "sam", `${sam}}`);
    const wider = await runCli(["diff", old, made]);
    expect(wider.code).toBe(1);
    expect(wider.stdout).toMatch(
      /^Group:idp-support +environment\/acme-staging +logs:retry, logs:view +- +-$/m,
    );
    expect(wider.stdout).toMatch(/\n2 gained, 0 lost, 0 conditional: widened\n$/);
    const narrower = await runCli(["diff", made, old, "-o", "markdown"]);
    expect(narrower.code).toBe(0);
    expect(narrower.stdout).toMatch(/^\| subject \| scope \| gained \| lost \| conditional \|\n\| --- /);
    expect(narrower.stdout).toMatch(
      /\| Group:idp-support \| environment\/acme-staging \| {2}\| logs:retry, logs:view \| {2}\|\n/,
    );
    expect(narrower.stdout).toMatch(/not widened\n$/);
  });

  it("has a column for what hangs on conditions, and takes other conditions for wider", async () => {
    const when = (condition: string) => `${sam}, when: '${condition}'}`;
    add(old, "sam", `${sam}}`);
    add(made, "sam", when("has(context.mfa) && context.mfa"));
    const narrower = await runCli(["diff", old, made, "-o", "json"]);
    expect(narrower.code).toBe(0);
    const { entries, summary } = JSON.parse(narrower.stdout);
    expect(entries).toContainEqual({
      subject: { kind: "Group", name: "idp-support" },
      scope: "environment/acme-staging",
      permission: "logs:retry",
      before: "Always",
      after: "Conditional",
    });
    expect(summary).toMatchObject({ gained: 0, lost: 0, isWidened: false, unlisted: [] });
    add(old, "sam", when("has(context.office) && context.office"));
    const other = await runCli(["diff", old, made]);
    expect(other.code).toBe(1);
    expect(other.stdout).toMatch(/logs:retry \(other conditions\)/);
    add(old, "sam", when("has(context.mfa) && context.mfa"));
    const role = join(made, "world.yaml");
    writeFileSync(role, world.replace("verbs: [retry]}", 'verbs: [retry], names: ["app-*"]}'));
    const more = await runCli(["diff", old, made]);
    expect(more.code).toBe(0);
    expect(more.stdout).toMatch(/logs:retry \(narrower conditions\)/);
  });

  it("compares at the instant that is asked for", async () => {
    add(made, "sam", `${sam}, expiresAt: "2026-06-01T00:00:00Z"}`);
    expect((await runCli(["diff", old, made, "--at", "2026-05-31T23:59:59Z"])).code).toBe(1);
    expect((await runCli(["diff", old, made, "--at", "2026-06-01T00:00:00Z"])).code).toBe(0);
  });

  it("tells of changes that no list of permissions shows", async () => {
    writeFileSync(join(made, "world.yaml"), world.replace("roles: [support]", "roles: [support, owner]"));
    const { code, stdout } = await runCli(["diff", old, made]);
    expect(code).toBe(1);
    expect(stdout).toBe(
      "not in the list: AccessRole owner changes who may give which role, which may widen\n0 gained, 0 lost, 0 conditional: widened\n",
    );
  });

  it("compares a folder with a namespace of the cluster, read in pages", async () => {
    server = await startFakeApiServer();
    const { objects } = server;
    const meta = (name: string) => ({ name, namespace: "shop" });
    const object = (kind: string, name: string, spec: object) =>
      objects.put({ apiVersion: "sidegate.dev/v1alpha1", kind, metadata: meta(name), spec } as never);
    const catalog = { resources: [{ name: "logs", level: "Organization", verbs: [{ name: "view" }] }] };
    object("PermissionCatalog", "main", catalog);
    object("Organization", "acme", {});
    object("AccessRole", "viewer", {
      assignableAt: ["Organization"],
      rules: [{ resources: ["logs"], verbs: ["view"] }],
    });
    const users = Array.from({ length: 510 }, (_, number) => `u${number}`);
    for (const name of users)
      object("Membership", name, { organization: "acme", subject: { kind: "User", name } });
    object("AccessRoleBinding", "all", {
      role: "viewer",
      subjects: users.map((name) => ({ kind: "User", name })),
      scope: { kind: "Organization", name: "acme" },
    });
    const kubeconfig = join(root, "kubeconfig");
    writeFileSync(kubeconfig, server.kubeconfig());
    const empty = join(root, "empty");
    mkdirSync(empty);
    add(empty, "domain", "kind: AccessDomain\nmetadata: {name: default}\nspec: {}");
    const env = { KUBECONFIG: kubeconfig };
    const gone = await runCli(["diff", "cluster:shop", empty, "-o", "json"], env);
    expect({ code: gone.code, stderr: gone.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(gone.stdout).summary).toMatchObject({ gained: 0, lost: 510 });
    const same = await runCli(["diff", "cluster:shop", "cluster:shop", "--kubeconfig", kubeconfig]);
    expect(same.code).toBe(0);
  });

  it("takes no namespace that is misspelt or left out for an empty policy", async () => {
    server = await startFakeApiServer();
    server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "new" } } as never);
    const kubeconfig = join(root, "kubeconfig");
    writeFileSync(kubeconfig, server.kubeconfig());
    const diff = (side: string) => runCli(["diff", old, side, "--kubeconfig", kubeconfig]);
    expect(await diff("cluster:shpo")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/SG4006 UnknownNamespace: there is no namespace "shpo"/),
    });
    expect(await diff("cluster:")).toMatchObject({ code: 2, stderr: expect.stringMatching(/SG5001/) });
    expect(await diff("cluster:new")).toMatchObject({ code: 0, stderr: "" });
  });

  it("can not tell of a broken folder, or a cluster out of reach", async () => {
    writeFileSync(join(made, "broken.yaml"), "a: [\n");
    expect(await runCli(["diff", old, made])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/SG5005/),
    });
    const kubeconfig = join(root, "kubeconfig");
    server = await startFakeApiServer();
    writeFileSync(kubeconfig, server.kubeconfig());
    await server.stop();
    server = undefined;
    const unreachable = await runCli(["diff", "cluster:shop", old, "--kubeconfig", kubeconfig]);
    expect([unreachable.code, unreachable.stderr]).toEqual([2, expect.stringMatching(/SG4004/)]);
  });
});
