import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ContractApi } from "../contract/contract-api.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

let folder: string;
let server: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fake-apiserver-"));
});
afterEach(() => {
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

describe("the fake API server as a process", () => {
  test("says where it is, serves who has its kubeconfig, and stops when told so", async () => {
    const kubeconfig = join(folder, "kubeconfig");
    const flags = ["--kubeconfig", kubeconfig, "--token", "secret"];
    server = spawn(process.execPath, [main, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: server.stdout as NodeJS.ReadableStream });
    const [url] = (await once(lines, "line")) as [string];
    expect((await fetch(`${url}/api/v1/namespaces`)).status).toBe(401);
    const api = await ContractApi.connect(readFileSync(kubeconfig, "utf8"));
    expect((await api.send("GET", "/api/v1/namespaces/default")).status).toBe(200);
    const exited = once(server, "exit");
    server.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    await api.close();
  });
});
