import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DevServer } from "./dev-server.ts";
import { runCli } from "./run-cli.ts";

const dev = new DevServer();
beforeAll(() => dev.start("presets/redox"), 60_000);
afterAll(() => dev.end());

function ask(subject: string, scope: string, permission: string): string[] {
  return ["check", "--subject", subject, "--scope", scope, permission];
}

const elena = ask("user:elena", "environment/acme-production", "logs:view");

describe.each([
  ["a sidecar", () => ["--address", dev.address]],
  ["a socket", () => ["--address", `unix:${dev.socket}`]],
  ["a folder", () => ["--folder", "presets/redox"]],
])("sidegate check of %s", (_, where) => {
  it("prints an allow with the grant that decided, and exits with 0", async () => {
    const { code, stdout, stderr } = await runCli([...elena, ...where()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^allow {2}User:elena logs:view environment\/acme-production\n {2}reason +Allowed: a grant allows it\n/,
    );
    expect(stdout).toMatch(/ binding +default-acme-elena-environment-acme-production, to User:elena\n/);
    expect(stdout).toMatch(
      / role +engineer at environment\/acme-production\n {2}rule +Allow in role engineer\n {2}revision +[0-9a-f]{64}\n$/,
    );
  });

  it.each([
    [
      "user:oscar",
      "environment/acme-production",
      "logs:view",
      "NoGrant",
      "NotFound (404), as if there were no such scope",
    ],
    ["user:elena", "environment/nowhere", "logs:view", "UnknownScope", "NotFound (404)"],
    ["user:stephanie", "environment/acme-staging", "logs:retry", "NoGrant", "Forbidden (403), NoGrant"],
    [
      "user:elena",
      "environment/acme-production",
      "logs:fly",
      "UnknownPermission",
      "Forbidden (403), UnknownPermission",
    ],
    ["user:amir", "organization/acme", "logs:view", "WrongLevel", "Forbidden (403), WrongLevel"],
    ["serviceaccount:shop/importer", "environment/acme-production", "logs:view", "NoGrant", "NotFound (404)"],
  ])("denies %s %s %s: %s", async (subject, scope, permission, reason, tell) => {
    const { code, stdout } = await runCli([...ask(subject, scope, permission), ...where()]);
    expect(stdout).toMatch(/^deny /);
    expect(stdout).toContain(`${reason}: `);
    expect(stdout).toContain(tell);
    expect(code).toBe(1);
  });

  it("prints JSON and YAML for scripts", async () => {
    const json = await runCli([...elena, ...where(), "-o", "json"]);
    const wanted = {
      decision: "allow",
      allowed: true,
      subject: "User:elena",
      permission: "logs:view",
      scope: "environment/acme-production",
      reason: "Allowed",
      revision: expect.stringMatching(/^[0-9a-f]{64}$/),
      grant: {
        binding: "default-acme-elena-environment-acme-production",
        role: "engineer",
        ruleRole: "engineer",
        scope: "environment/acme-production",
        subject: "User:elena",
      },
    };
    expect(JSON.parse(json.stdout)).toEqual(wanted);
    const yaml = await runCli([...elena, ...where(), "-o", "yaml"]);
    expect(parse(yaml.stdout)).toEqual(wanted);
    const denied = await runCli([
      ...ask("user:stephanie", "environment/acme-staging", "logs:retry"),
      ...where(),
      "-o",
      "json",
    ]);
    expect(JSON.parse(denied.stdout)).toMatchObject({
      allowed: false,
      disclosure: "Forbidden",
      publicReason: "NoGrant",
    });
    expect(denied.code).toBe(1);
  });

  it("exits with 2 for a question that is malformed", async () => {
    const { code, stdout, stderr } = await runCli([...ask("user:elena", "acme", "logs:view"), ...where()]);
    expect(stderr).toMatch(/^error SG3001 InvalidRequest: scope .*\n {2}Correct the field/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("exits with 2 for a domain that is not there", async () => {
    const { code, stderr } = await runCli([...elena, ...where(), "--domain", "shop"]);
    expect(stderr).toMatch(
      /^error (?:SG5006 UnknownDomain|SG3002 Unavailable|SG3001 InvalidRequest): .*shop/,
    );
    expect(code).toBe(2);
  });
});

describe("sidegate check", () => {
  it("takes the address from the environment", async () => {
    const { code } = await runCli(elena, { SIDEGATE_ADDRESS: dev.address });
    expect(code).toBe(0);
  });

  it("exits with 2 when no sidecar answers", async () => {
    const { code, stderr } = await runCli([...elena, "--address", `unix:${join(dev.root, "nobody.sock")}`]);
    expect(stderr).toMatch(
      /^error SG5003 SidecarUnreachable: no sidecar answers at unix:.*nobody\.sock\n {2}Start one/,
    );
    expect(code).toBe(2);
  });

  it("exits with 2 when the policy does not reach the position in time", async () => {
    const { code, stderr } = await runCli([
      ...elena,
      ...["--address", dev.address, "--min-position", "AccessRole:9999999999999", "--timeout", "3"],
    ]);
    // The remedy, which a sidecar's message ends with, is told once.
    expect(stderr).toMatch(/^error SG3003 PositionNotReached: .* ms\n {2}Retry, .*\n$/);
    expect(code).toBe(2);
  });

  it("lists what is broken in a folder", async () => {
    const folder = join(dev.root, "x.yaml");
    writeFileSync(folder, "kind: Role\n");
    const { code, stderr } = await runCli([...elena, "--folder", dev.root]);
    expect(stderr).toMatch(/^x\.yaml:1: .*\n[\s\S]*error SG5005 BrokenFolder: .* has 1 problem\n/);
    expect(code).toBe(2);
  });

  it("takes groups and active roles", async () => {
    const asked = await runCli([
      ...elena,
      "--address",
      dev.address,
      "--group",
      "team,a",
      "--role",
      "observer",
      "-o",
      "json",
    ]);
    expect(JSON.parse(asked.stdout)).toMatchObject({ allowed: false, reason: "NoGrant" });
    const unknown = await runCli([...elena, "--address", dev.address, "--role", "pilot"]);
    expect(unknown.stderr).toMatch(/^error SG3001 InvalidRequest: .*pilot/);
  });
});
