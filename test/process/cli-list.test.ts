import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DevServer } from "./dev-server.ts";
import { runCli } from "./run-cli.ts";

const dev = new DevServer();
beforeAll(() => dev.start("presets/redox"), 60_000);
afterAll(() => dev.end());

const subjects = ["subjects", "logs:view", "--scope", "environment/acme-production"];
const scopes = ["scopes", "logs:view", "--subject", "user:elena"];

describe.each([
  ["a sidecar", () => ["--address", dev.address]],
  ["a folder", () => ["--folder", "presets/redox"]],
])("sidegate list of %s", (_, where) => {
  const list = (args: readonly string[]) => runCli(["list", ...args, ...where()]);

  it("prints who may do something, and how sure it is", async () => {
    const { code, stdout, stderr } = await list(subjects);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^User:amir {3}always\nUser:elena {2}always\nUser:sam {4}always\n\n {2}revision {2}[0-9a-f]{64}\n$/,
    );
  });

  it("prints what a subject may do, and what that hangs on", async () => {
    const { code, stdout } = await list([
      ...["permissions", "--subject", "user:elena", "--scope", "environment/acme-production"],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^logs:view +always$/m);
    expect(stdout).toMatch(/^logs:view-payloads +perhaps: if has\(context.interface\)/m);
  });

  it("prints JSON and YAML for scripts", async () => {
    const wanted = {
      entries: ["development", "production", "staging"].map((name) => ({
        scope: `environment/acme-${name}`,
        certainty: "Always",
      })),
      more: false,
      revisions: [expect.stringMatching(/^[0-9a-f]{64}$/)],
    };
    expect(JSON.parse((await list([...scopes, "-o", "json"])).stdout)).toEqual(wanted);
    expect(parse((await list([...scopes, "-o", "yaml"])).stdout)).toEqual(wanted);
  });

  it("prints no more than it is told to, and says so", async () => {
    const { stdout } = await list([...subjects, "--limit", "2"]);
    expect(stdout).toMatch(/^User:amir .*\nUser:elena .*\n\.\.\. and more; raise --limit\n/);
  });

  it.each([
    ["there is no such scope", ["subjects", "logs:view", "--scope", "environment/nowhere"]],
    ["no catalog has this type and verb", ["scopes", "logs:fly", "--subject", "user:elena"]],
  ])("says why a list is empty, and exits with 1: %s", async (meaning, args) => {
    const { code, stdout } = await list(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining(`nothing: ${meaning}\n`) });
  });

  it.each([
    [["permissions", "--scope", "platform"], /SG5001 .*--subject/],
    [["subjects", "logs", "--scope", "platform"], /SG3001 .*permission is "logs"/],
    [["scopes", "--subject", "user:ann", "--limit", "0"], /SG5001 .*at least 1/],
    [["permissions", "--subject", "user:ann", "--scope", "moon/x"], /SG3001 .*scope is "moon\/x"/],
  ])("exits with 2 for a wrong question: %j", async (args, message) => {
    const { code, stdout, stderr } = await list(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});

it("sidegate list exits with 2 where no sidecar answers", async () => {
  const { code, stderr } = await runCli(["list", ...scopes, "--address", "127.0.0.1:1"]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("SG5003") });
});
