import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Check, type Decision, SidegateClient } from "../../client/index.ts";
import { Processes, type RunningProcess } from "../support/processes.ts";
import { runCli } from "./run-cli.ts";

const PATIENCE = { timeout: 30_000, interval: 10 };
let root: string;
let folder: string;
let processes: Processes;
let client: SidegateClient | undefined;

beforeEach(() => {
  processes = new Processes();
  root = mkdtempSync(join(tmpdir(), "sidegate-dev-"));
  folder = join(root, "policy");
  cpSync("presets/redox", folder, { recursive: true });
});
afterEach(async () => {
  client?.close();
  client = undefined;
  await processes.end();
  rmSync(root, { recursive: true, force: true });
});

async function start(...options: string[]): Promise<RunningProcess> {
  const all = ["dev", folder, "--port", "0", "--socket", join(root, "s.sock"), ...options];
  const dev = processes.sidegate(all);
  client = new SidegateClient({ address: await dev.printed(/(127\.0\.0\.1:\d+)/) });
  return dev;
}

function ask(name: string, scope: string, permission: string): Promise<Decision> {
  const check: Check = { subject: { kind: "User", name }, permission, scope };
  return (client as SidegateClient).check(check);
}

function edit(file: string, from: string, to: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

describe("sidegate dev", () => {
  it("prints where it answers and three questions, whose answers are as promised", async () => {
    const running = await start();
    await running.printed(/Ctrl-C ends sidegate/);
    expect(running.stdout).toContain(`unix:${join(root, "s.sock")}`);
    expect(running.stdout).toMatch(/: \d+ manifests, domain default\n/);
    const questions = [
      ...running.stdout.matchAll(/^ {2}npx sidegate (check .*)\n {4}# (\w+)(?:: (\w+), (\w+))?$/gm),
    ];
    expect(questions.map(([, , ...promise]) => promise)).toEqual([
      ["allow", undefined, undefined],
      ["deny", "NoGrant", "Forbidden"],
      ["deny", "NoGrant", "NotFound"],
    ]);
    for (const [, command = "", decision, reason, disclosure] of questions) {
      const { stdout } = await runCli([...command.split(" "), "-o", "json"]);
      expect(JSON.parse(stdout)).toMatchObject({ decision, ...(reason && { reason, disclosure }) });
    }
    expect(running.stderr).toBe("");
  });

  it("answers by what is saved, and says so", async () => {
    const running = await start();
    await running.printed(/Ctrl-C ends/);
    expect(await ask("elena", "environment/acme-production", "logs:retry")).toMatchObject({ allowed: true });
    edit(
      "sample-people.yaml",
      "name: default-acme-elena-environment-acme-production\nspec:\n  role: engineer",
      "name: default-acme-elena-environment-acme-production\nspec:\n  role: observer",
    );
    await vi.waitFor(async () => {
      expect(await ask("elena", "environment/acme-production", "logs:retry")).toMatchObject({
        allowed: false,
        reason: "NoGrant",
      });
    }, PATIENCE);
    await running.printed(/1 change, in effect after \d+ ms/);
  });

  it("reports a broken manifest with place, field and remedy, while the policy before answers", async () => {
    const running = await start();
    await running.printed(/Ctrl-C ends/);
    edit("domain.yaml", "membership:", "membrship:");
    edit("sample-people.yaml", "role: owner", "role: observer");
    await running.printed(/1 problem; the policy before goes on answering/);
    expect(running.stdout).toMatch(
      / {2}domain\.yaml:\d+: AccessDomain default: spec\.membrship: there is no field "membrship" \(SG1003 UnknownField\)\n {4}Did you mean membership\?\n/,
    );
    expect(await ask("olivia", "organization/acme", "organization:delete")).toMatchObject({ allowed: true });
    edit("domain.yaml", "membrship:", "membership:");
    await running.printed(/Mended: 1 change, in effect/);
    expect(await ask("olivia", "organization/acme", "organization:delete")).toMatchObject({ allowed: false });
  });

  it("names what is valid and yet does not work", async () => {
    const running = await start();
    await running.printed(/Ctrl-C ends/);
    edit("sample-people.yaml", "role: owner", "role: ownr");
    await running.printed(
      /sample-people\.yaml:\d+: AccessRoleBinding default-acme-olivia-organization-acme: spec\.role: .*ownr.* \(ReferenceNotFound\)/,
    );
    edit("sample-people.yaml", "role: ownr", "role: owner");
    await running.printed(/All manifests work as they are written/);
  });

  it("waits for the mending of what is broken at the start", async () => {
    edit("domain.yaml", "membership:", "membrship:");
    const dev = processes.sidegate(["dev", folder, "--port", "0", "--socket", join(root, "s.sock")]);
    await dev.printed(/1 problem; there is no policy until they are mended/);
    edit("domain.yaml", "membrship:", "membership:");
    await dev.printed(/Ctrl-C ends/);
    expect(dev.stdout).toMatch(/manifests, domain default/);
  });

  it("starts on an empty folder", async () => {
    rmSync(folder, { recursive: true });
    cpSync("presets/redox/cases", join(folder, "cases"), { recursive: true });
    const running = await start();
    await running.printed(/There are no manifests yet/);
    cpSync("presets/redox", folder, { recursive: true });
    await running.printed(/changes, in effect/);
    expect(await ask("elena", "environment/acme-production", "logs:view")).toMatchObject({ allowed: true });
  });

  it("asks for a list where nobody is allowed by name", async () => {
    rmSync(folder, { recursive: true });
    cpSync("presets/paragon-connect", folder, { recursive: true });
    const running = await start();
    await running.printed(/Ctrl-C ends sidegate/);
    const [, command = ""] =
      /^ {2}npx sidegate (list .*)\n {4}# the groups and tokens that may, if any$/m.exec(running.stdout) ??
      [];
    const { code, stdout } = await runCli(command.split(" "));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^Group:token:/) });
  });

  it("serves each namespace as a domain", async () => {
    for (const file of ["catalog.yaml", "sample-organization.yaml", "organization-roles.yaml"]) {
      const text = readFileSync(join(folder, file), "utf8");
      writeFileSync(
        join(folder, `shop-${file}`),
        text.replaceAll("metadata:\n", "metadata:\n  namespace: shop\n"),
      );
    }
    const running = await start();
    await running.printed(/manifests, domains default, shop\n/);
    await running.printed(/npx sidegate check .* --domain default /);
    await expect(ask("elena", "environment/acme-production", "logs:view")).rejects.toThrow(/domain/);
  });

  it("ends at once on Ctrl-C, also while it waits", async () => {
    const running = await start();
    await running.printed(/Ctrl-C ends/);
    expect(await running.end("SIGINT")).toMatchObject({ code: 0 });
    edit("domain.yaml", "membership:", "membrship:");
    const waiting = processes.sidegate(["dev", folder, "--port", "0"]);
    await waiting.printed(/1 problem/);
    expect(await waiting.end("SIGINT")).toMatchObject({ code: 0 });
  });

  it("keeps counting where it was over a restart with --data-dir, and answers from it", async () => {
    const data = join(root, "data");
    const running = await start("--data-dir", data);
    await running.printed(/Ctrl-C ends/);
    await running.end("SIGKILL");
    const number = readFileSync(join(data, "load-number"), "utf8");
    await (await start("--data-dir", data)).printed(/Ctrl-C ends/);
    expect(Number(readFileSync(join(data, "load-number"), "utf8"))).toBeGreaterThan(Number(number));
    expect(await ask("elena", "environment/acme-production", "logs:view")).toMatchObject({ allowed: true });
  });

  it("says so in one message when its port or socket is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await vi.waitFor(() => expect(server.address()).not.toBeNull());
    const { port } = server.address() as { port: number };
    try {
      const taken = await runCli(["dev", folder, "--port", String(port), "--socket", join(root, "t.sock")]);
      expect(taken.stderr).toMatch(
        new RegExp(`^error SG3102 \\w+: another process listens on 127\\.0\\.0\\.1:${port}\\n {2}`),
      );
      expect(taken.code).toBe(2);
    } finally {
      server.close();
    }
    await start();
    const second = await runCli(["dev", folder, "--port", "0", "--socket", join(root, "s.sock")]);
    expect(second.stderr).toMatch(/^error SG3102 \w+: another process listens on .*s\.sock\n/);
    expect(second.code).toBe(2);
  });
});
