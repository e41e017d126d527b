/**
 * What a check costs over gRPC, beside a grpc-js server that gives one ready answer (the floor), in the same run:
 * `node bench/check-latency.ts [BINDINGS]`. Needs h2load (Debian's nghttp2-client) for the CPU figures.
 *
 * One at a time, and CPU time of the server's process (all threads) with 50 in flight. The two servers take turns, round by
 * round, because what one call takes depends on what else keeps the cores busy or lets them sleep; so the ratio is the
 * median of the ratios of neighbouring rounds.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client, credentials } from "@grpc/grpc-js";
import { CheckRequest } from "../proto/generated/decision.js";
import { sidegateService } from "../proto/sidegate-service.ts";
import { organizationName, userName } from "./generate-world.ts";

const ORGANIZATIONS = 100;
const ROUNDS = 40;
const CALLS_PER_ROUND = 500;
const LOADS = 8;
const CALLS_PER_LOAD = 30_000;
/** Linux counts CPU time in hundredths of a second (getconf CLK_TCK). */
const TICK_US = 10_000;

const bindings = Number(process.argv[2] ?? 100_000);
const { path } = sidegateService.check;

interface Target {
  readonly name: string;
  readonly process: ChildProcess;
  readonly port: number;
  readonly client: Client;
  /** Milliseconds, one for each round. */
  readonly medians: number[];
  readonly p99s: number[];
  /** Microseconds of CPU per call, one for each load. */
  readonly cpu: number[];
}

const requests = makeRequests();
const targets = [await startTarget("constant"), await startTarget("sidegate")];
try {
  for (let round = -1; round < ROUNDS; round++) {
    for (const target of targets) await callOneByOne(target, round < 0);
  }
  for (let load = -1; load < LOADS; load++) for (const target of targets) loadWithH2load(target, load < 0);
  report(targets);
} finally {
  for (const target of targets) {
    target.client.close();
    target.process.kill();
  }
}

/** Requests that take turns over all organizations; about half are allowed. */
function makeRequests(): Buffer[] {
  const members = Math.ceil(bindings / ORGANIZATIONS / 4);
  return Array.from({ length: 1_000 }, (_, i) => {
    const organization = i % ORGANIZATIONS;
    return CheckRequest.encode({
      subject: { kind: "User", name: userName(organization, (i * 7) % members), groups: ["engineering"] },
      permission: i % 2 === 0 ? "logs:view" : "database:write",
      scope: `environment/${organizationName(organization)}-production`,
    }).finish();
  });
}

async function startTarget(name: string): Promise<Target> {
  const script = join(import.meta.dirname, "check-server.ts");
  const child = spawn(process.execPath, [script, name, String(bindings)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const port = Number(line);
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { "grpc.enable_channelz": 0 });
  return { name, process: child, port, client, medians: [], p99s: [], cpu: [] };
}

async function callOneByOne(target: Target, warmUp: boolean): Promise<void> {
  const times: number[] = [];
  const pass = (bytes: Buffer) => bytes;
  for (let i = 0; i < CALLS_PER_ROUND; i++) {
    const start = process.hrtime.bigint();
    await new Promise<void>((resolve, reject) => {
      target.client.makeUnaryRequest(path, pass, pass, requests[i % requests.length]!, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  if (warmUp) return;
  target.medians.push(quantile(times, 0.5));
  target.p99s.push(quantile(times, 0.99));
}

function loadWithH2load(target: Target, warmUp: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), "sidegate-bench-"));
  const body = join(folder, "body");
  const message = requests[0]!;
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  writeFileSync(body, Buffer.concat([frame, message]));
  const before = cpuTicks(target.process.pid!);
  const output = execFileSync("h2load", [
    ...["-n", String(CALLS_PER_LOAD), "-c", "1", "-m", "50", "-d", body],
    ...[
      "-H",
      "content-type: application/grpc",
      "-H",
      "te: trailers",
      `http://127.0.0.1:${target.port}${path}`,
    ],
  ]).toString();
  rmSync(folder, { recursive: true });
  if (!output.includes(` ${CALLS_PER_LOAD} succeeded`)) throw new Error(output);
  const used = cpuTicks(target.process.pid!) - before;
  if (!warmUp) target.cpu.push((used * TICK_US) / CALLS_PER_LOAD);
}

/** User and system time of a process, in ticks. */
function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function report([floor, check]: readonly Target[]): void {
  const cores = cpus();
  console.log(`${cores.length} x ${cores[0]?.model}, Linux ${release()}, Node ${process.version}`);
  console.log(`${bindings} bindings in ${ORGANIZATIONS} organizations, commit ${commit()}`);
  console.table([
    row("one at a time, median, ms", floor!.medians, check!.medians),
    row("one at a time, p99, ms", floor!.p99s, check!.p99s),
    row("50 in flight, server CPU per check, us", floor!.cpu, check!.cpu),
  ]);
}

function row(what: string, floor: readonly number[], check: readonly number[]): object {
  const ratios = check.map((value, round) => value / floor[round]!);
  const median = (values: readonly number[]) => Number(quantile(values, 0.5).toPrecision(3));
  return { what, constant: median(floor), sidegate: median(check), ratio: median(ratios) };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}

function commit(): string {
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: import.meta.dirname })
    .toString()
    .trim();
}
