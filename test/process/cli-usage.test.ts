import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

const subject = ["--subject", "user:ada"];
const scope = ["--scope", "platform"];

describe("the command line", () => {
  it.each([
    [[]],
    [["dev"]],
    [["check"]],
    [["lint"]],
    [["matrix"]],
    [["test"]],
    [["diff"]],
    [["operator"]],
    [["sidecar"]],
  ])("has help for %j", async (command) => {
    const { code, stdout, stderr } = await runCli([...command, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: sidegate/);
    if (command.length > 0) expect(stdout).toMatch(/\nExamples:\n[\s\S]*\nExit codes:\n[\s\S]*\n {2}2 {2}/);
  });

  it("prints its version", async () => {
    expect(await runCli(["--version"])).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
  });

  it("is found through links, and through npx from the project", () => {
    const directory = mkdtempSync(join(tmpdir(), "sidegate-link-"));
    const root = join(import.meta.dirname, "../..");
    try {
      symlinkSync(join(root, "cli/sidegate"), join(directory, "one"));
      symlinkSync("one", join(directory, "two"));
      const linked = spawnSync(join(directory, "two"), ["--version"], { encoding: "utf8", cwd: "/" });
      expect(linked).toMatchObject({ status: 0, stdout: "0.1.0\n" });
      const npx = spawnSync("npx", ["sidegate", "lint", "--help"], { encoding: "utf8", cwd: root });
      expect(npx.stdout).toMatch(/^Usage: sidegate lint/);
      expect(npx.status).toBe(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each<[name: string, args: string[], message: RegExp]>([
    [
      "no command",
      [],
      /Usage: sidegate[\s\S]*error SG5001 UsageError: a command is missing\n {2}See `sidegate COMMAND --help`\.\n$/,
    ],
    ["an unknown command", ["chek"], /unknown command 'chek'\n\(Did you mean check\?\)/],
    ["an unknown option", ["lint", "x", "--outptu", "json"], /unknown option '--outptu'/],
    ["a missing argument", ["lint"], /missing required argument 'folder'/],
    [
      "a missing option",
      ["check", "logs:view", ...subject],
      /required option '--scope <scope>' not specified/,
    ],
    [
      "a question of nobody",
      ["check", "logs:view", ...scope],
      /^error SG5001 UsageError: name who asks with --subject, or give a token with --token-file\n/,
    ],
    [
      "a token that is not there",
      ["check", "logs:view", ...scope, "--token-file", "/nowhere"],
      /^error SG5020 UnreadableToken: .*\/nowhere/,
    ],
    ["a fact that is none", ["check", "a:b", ...subject, ...scope, "--context", "ip"], /Write NAME=TEXT/],
    [
      "a subject without kind",
      ["check", "logs:view", "--subject", "ada", ...scope],
      /Write user:NAME or serviceaccount:NAMESPACE\/NAME/,
    ],
    ["a group as subject", ["check", "logs:view", "--subject", "group:x", ...scope], /Write user:NAME/],
    [
      "context that is no JSON",
      ["check", "logs:view", ...subject, ...scope, "--context", "{"],
      /It is no JSON/,
    ],
    [
      "context that is no object",
      ["check", "logs:view", ...subject, ...scope, "--context", "[1]"],
      /Write a JSON object/,
    ],
    [
      "a position without number",
      ["check", "logs:view", ...subject, ...scope, "--min-position", "AccessRole:x"],
      /Write KIND:RESOURCEVERSION/,
    ],
    [
      "an address that is none",
      ["check", "logs:view", ...subject, ...scope, "--address", "http://x"],
      /Write HOST:PORT or unix:PATH/,
    ],
    [
      "options that do not go together",
      ["check", "a:b", ...subject, ...scope, "--folder", "x", "--min-position", "AccessRole:1"],
      /cannot be used with option/,
    ],
    ["an output that there is not", ["lint", "x", "-o", "xml"], /Allowed choices are table, json, yaml/],
    ["a port that is none", ["dev", "x", "--port", "70000"], /Write a number from 0 to 65535/],
    [
      "a socket mode that is none",
      ["sidecar", "--operator", "x:1", "--domain", "d", "--socket-mode", "9"],
      /three octal digits/,
    ],
    [
      "a sidecar without operator",
      ["sidecar", "--domain", "d"],
      /required option '--operator <address>' not specified/,
    ],
    ["a kubeconfig that is not there", ["operator", "--kubeconfig", "/nowhere"], /^error SG4005 /],
    [
      "an address to listen at that is none",
      ["operator", "--source", "presets/redox", "--listen", "x"],
      /^error SG3103 /,
    ],
    [
      "a folder that is not there",
      ["dev", "/nowhere"],
      /^error SG1101 UnreadableFolder: \/nowhere: There is no such file or folder\n/,
    ],
  ])("answers %s in one message, without a stack trace", async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error SG\d{4} \w+: /m);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});
