import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";

const WITHIN = { timeout: 20_000, interval: 50 };
const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

let server: FakeApiServer;
let folder: string;
let running: ChildProcess[];

beforeEach(async () => {
  running = [];
  server = await startFakeApiServer();
  folder = await mkdtemp(join(tmpdir(), "sidegate-operator-"));
  await writeFile(join(folder, "kubeconfig"), server.kubeconfig());
  server.objects.put({
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "Organization",
    metadata: { name: "acme", namespace: "shop" },
    spec: {},
  });
});
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
  await server.stop();
});

interface Line {
  readonly msg: string;
  readonly revision?: string;
}

/** Runs the operator; its log lines come as they are written. */
function run(...args: string[]) {
  const command = [main, "operator", "--kubeconfig", join(folder, "kubeconfig"), ...args];
  const child = spawn(process.execPath, command, { env: { PATH: process.env.PATH } });
  running.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const lines = () =>
    output.stderr
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  return { child, output, lines, exit: once(child, "exit").then(([code]) => code as number | null) };
}

const revisions = (lines: Line[]) => lines.flatMap(({ revision }) => revision ?? []);

test("it compiles what is there, stops when told to, and comes back to the same revision", async () => {
  const first = run("--listen", "127.0.0.1:0");
  await expect.poll(() => first.lines().map(({ msg }) => msg), WITHIN).toContain("Ready");
  first.child.kill("SIGTERM");
  expect(await first.exit).toBe(0);
  const second = run("--listen", "127.0.0.1:0");
  await expect.poll(() => second.lines().map(({ msg }) => msg), WITHIN).toContain("Ready");
  expect(revisions(second.lines())).toEqual(revisions(first.lines()));
});

test("one that is killed in the middle of its work is followed by one that finishes it", async () => {
  for (let i = 0; i < 300; i++) {
    server.objects.put({
      apiVersion: "sidegate.dev/v1alpha1",
      kind: "AccessGroup",
      metadata: { name: `group-${i}`, namespace: "shop" },
      spec: {},
    });
  }
  const judged = () =>
    server.objects.list("AccessGroup").filter((group) => group.status !== undefined).length;
  const first = run("--listen", "127.0.0.1:0");
  await expect.poll(judged, WITHIN).toBeGreaterThan(0);
  first.child.kill("SIGKILL");
  await first.exit;
  run("--listen", "127.0.0.1:0");
  await expect.poll(judged, WITHIN).toBe(300);
});

test("health and metrics are served where it is told to", async () => {
  const { lines } = run("--listen", "127.0.0.1:0", "--health", "127.0.0.1:0");
  await expect.poll(() => lines().map(({ msg }) => msg), WITHIN).toContain("Ready");
  const address = (
    lines().find(({ msg }) => msg === "Serves health and metrics") as Line & { address: string }
  ).address;
  expect((await fetch(`http://${address}/readyz`)).status).toBe(200);
  expect(await (await fetch(`http://${address}/metrics`)).text()).toContain("sidegate_operator_domains 1\n");
});

test.each([
  ["a kubeconfig that is not there", ["--kubeconfig", "/nowhere/config"], "SG4005"],
  ["a context that is not there", ["--context", "nowhere"], "SG4005"],
  ["an address that can not be", ["--listen", "nonsense"], "SG3103"],
])("%s is refused with a code, a remedy and no stack", async (_name, args, code) => {
  const { exit, output } = run(...args);
  expect(await exit).toBe(2);
  expect(output.stderr).toMatch(new RegExp(`^error ${code} \\w+: .+\n {2}.+\n$`));
});
