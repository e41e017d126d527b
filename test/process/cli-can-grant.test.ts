import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DevServer } from "./dev-server.ts";
import { runCli } from "./run-cli.ts";

const dev = new DevServer();
beforeAll(() => dev.start("presets/redox"), 60_000);
afterAll(() => dev.end());

const olivia = ["--subject", "user:olivia"];
const production = ["--scope", "environment/acme-production"];
const acme = ["--scope", "organization/acme"];

describe.each([
  ["a sidecar", () => ["--address", dev.address]],
  ["a folder", () => ["--folder", "presets/redox"]],
])("sidegate can-grant of %s", (_, where) => {
  const ask = (...args: string[]) => runCli(["can-grant", ...args, ...where()]);

  it("says yes", async () => {
    const { code, stdout } = await ask("engineer", ...olivia, ...production, "--to", "user:elena");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "yes  User:olivia Give engineer to User:elena environment/acme-production\n",
    });
  });

  it("says no, and why", async () => {
    const { code, stdout } = await ask("owner", ...olivia, ...acme, "--from", "user:olivia", "-o", "json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      allowed: false,
      verb: "Take",
      reason: "LastHolder",
      target: "User:olivia",
    });
  });

  it("lists what may be given and taken", async () => {
    const { code, stdout } = await ask("--list", ...olivia, ...production);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: ["engineer", "observer", "support"]
        .map((role) => `environment/acme-production  ${role.padEnd(8)}  Give, Take\n`)
        .join(""),
    });
    expect(await ask("--list", "--subject", "user:nobody", ...production)).toMatchObject({
      code: 1,
      stdout: "nothing\n",
    });
  });

  it.each([
    ["no role", [...olivia, ...acme, "--to", "user:elena"], "name the role"],
    ["no target", ["owner", ...olivia, ...acme], "--to"],
    ["nobody who asks", ["owner", ...acme, "--to", "user:elena"], "name who asks"],
    ["a target of no kind", ["owner", ...olivia, ...acme, "--to", "elena"], "accessgroup:NAME"],
    ["no scope that can be read", ["owner", ...olivia, "--scope", "acme", "--to", "user:elena"], "scope is"],
  ])("gives no answer with %s", async (_name, args, message) => {
    const { code, stderr } = await ask(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
