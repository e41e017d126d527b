import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RunningCli, runCli } from "./run-cli.ts";

let root: string;
let folder: string;
const running: RunningCli[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sidegate-parts-"));
  folder = join(root, "policy");
  cpSync("presets/redox", folder, { recursive: true });
});
afterEach(async () => {
  for (const process of running.splice(0)) await process.stop();
  rmSync(root, { recursive: true, force: true });
});

function start(...args: string[]): RunningCli {
  const process = new RunningCli(args);
  running.push(process);
  return process;
}

const operatorAddress = () => `unix:${join(root, "operator.sock")}`;
const sidecarAddress = () => `unix:${join(root, "sidecar.sock")}`;

function startOperator(): RunningCli {
  return start(
    "operator",
    "--source",
    folder,
    "--listen",
    operatorAddress(),
    "--data-dir",
    join(root, "operator"),
  );
}

function startSidecar(): RunningCli {
  return start(
    ...["sidecar", "--operator", operatorAddress(), "--domain", "default", "--listen", "127.0.0.1:0"],
    ...["--socket", join(root, "sidecar.sock"), "--socket-mode", "600", "--data-dir", join(root, "sidecar")],
  );
}

async function ask(user: string, permission: string): Promise<string> {
  const { stdout, stderr } = await runCli([
    ...["check", "--address", sidecarAddress(), "--subject", `user:${user}`],
    ...["--scope", "environment/acme-production", permission, "-o", "json"],
  ]);
  return stdout === "" ? (stderr.split(":")[0] ?? "") : (JSON.parse(stdout) as { reason: string }).reason;
}

function becomes(user: string, permission: string, answer: string): Promise<void> {
  return vi.waitFor(async () => expect(await ask(user, permission)).toBe(answer), {
    timeout: 40_000,
    interval: 100,
  });
}

describe("operator and sidecar as processes", () => {
  it("decide by a folder, follow its changes, and lose nothing when either is killed", async () => {
    const sidecar = startSidecar();
    await sidecar.waitFor(/Listening for checks/);
    expect(await ask("elena", "logs:view")).toBe("error SG3002 Unavailable");
    let operator = startOperator();
    await operator.waitFor(/Loaded a folder/);
    await becomes("elena", "logs:view", "Allowed");

    await operator.stop("SIGKILL");
    expect(await ask("elena", "logs:retry")).toBe("Allowed");
    const people = join(folder, "sample-people.yaml");
    const binding = "name: default-acme-elena-environment-acme-production\nspec:\n  role: ";
    writeFileSync(people, readFileSync(people, "utf8").replace(`${binding}engineer`, `${binding}observer`));
    operator = startOperator();
    await becomes("elena", "logs:retry", "NoGrant");

    await operator.stop("SIGKILL");
    await sidecar.stop("SIGKILL");
    const second = startSidecar();
    await second.waitFor(/Listening for checks/);
    await becomes("elena", "logs:view", "Allowed");
    expect(await ask("elena", "logs:retry")).toBe("NoGrant");
    expect(await second.stop()).toBe(0);
  }, 120_000);

  it("log what is broken in the folder, with code, file and line", async () => {
    writeFileSync(join(folder, "x.yaml"), "kind: AccessRole\n");
    const operator = startOperator();
    await operator.waitFor(/A folder is broken; what was loaded before stays/);
    const lines = operator.stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ msg }) => msg === "A manifest is broken")).toMatchObject({
      code: "SG1002",
      file: "x.yaml",
      line: 1,
      field: "apiVersion",
    });
    rmSync(join(folder, "x.yaml"));
    await operator.waitFor(/Loaded a folder/);
    expect(await operator.stop()).toBe(0);
  });
});
