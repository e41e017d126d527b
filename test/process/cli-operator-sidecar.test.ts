import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Processes, type RunningProcess } from "../support/processes.ts";
import { runCli } from "./run-cli.ts";

let root: string;
let folder: string;
let processes: Processes;

beforeEach(() => {
  processes = new Processes();
  root = mkdtempSync(join(tmpdir(), "sidegate-parts-"));
  folder = join(root, "policy");
  cpSync("presets/redox", folder, { recursive: true });
});
afterEach(async () => {
  await processes.end();
  rmSync(root, { recursive: true, force: true });
});

const operatorAddress = () => `unix:${join(root, "operator.sock")}`;
const sidecarAddress = () => `unix:${join(root, "sidecar.sock")}`;

function startOperator(): RunningProcess {
  return processes.sidegate([
    ...["operator", "--source", folder, "--listen", operatorAddress()],
    ...["--data-dir", join(root, "operator")],
  ]);
}

function startSidecar(): RunningProcess {
  return processes.sidegate([
    ...["sidecar", "--operator", operatorAddress(), "--domain", "default", "--listen", "127.0.0.1:0"],
    ...["--socket", join(root, "sidecar.sock"), "--socket-mode", "600", "--data-dir", join(root, "sidecar")],
  ]);
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
    await sidecar.printed(/Listening for checks/);
    expect(await ask("elena", "logs:view")).toBe("error SG3002 Unavailable");
    let operator = startOperator();
    await operator.printed(/Loaded a folder/);
    await becomes("elena", "logs:view", "Allowed");

    await operator.end("SIGKILL");
    expect(await ask("elena", "logs:retry")).toBe("Allowed");
    const people = join(folder, "sample-people.yaml");
    const binding = "name: default-acme-elena-environment-acme-production\nspec:\n  role: ";
    writeFileSync(people, readFileSync(people, "utf8").replace(`${binding}engineer`, `${binding}observer`));
    operator = startOperator();
    await becomes("elena", "logs:retry", "NoGrant");

    await operator.end("SIGKILL");
    await sidecar.end("SIGKILL");
    const second = startSidecar();
    await second.printed(/Listening for checks/);
    await becomes("elena", "logs:view", "Allowed");
    expect(await ask("elena", "logs:retry")).toBe("NoGrant");
    expect(await second.end()).toMatchObject({ code: 0 });
  }, 120_000);

  it("log what is broken in the folder, with code, file and line", async () => {
    writeFileSync(join(folder, "x.yaml"), "kind: AccessRole\n");
    const operator = startOperator();
    await operator.printed(/A folder is broken; what was loaded before stays/);
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
    await operator.printed(/Loaded a folder/);
    expect(await operator.end()).toMatchObject({ code: 0 });
  });
});
