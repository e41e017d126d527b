import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sidegateService } from "../proto/sidegate-service.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { forkScript } from "./child-processes.ts";
import { planRequest } from "./plan-requests.ts";
import { cpuTime } from "./proc-files.ts";
import { startDelivery, startSidecarProcess } from "./sidecar-process.ts";
import { ratios } from "./statistics.ts";

const CPU_US = 45;
const IN_FLIGHT = 50;

interface Target {
  readonly pid: number;
  readonly address: string;
  /** Microseconds of CPU for one check. */
  readonly cpu: number[];
  /** Checks in a second. */
  readonly rate: number[];
}

/** What a check costs the server's process (all its threads) under load, beside a grpc-js server with one ready answer. */
export async function measureCheckThroughput({
  report,
  note,
  directory,
  isSmall,
}: BenchmarkContext): Promise<void> {
  if (!hasH2load()) {
    report({
      what: "server CPU per check",
      missing: "there is no h2load; it comes with nghttp2-client (apt-get install nghttp2-client)",
    });
    return;
  }
  const size = { organizations: 100, bindings: isSmall ? 10_000 : 100_000 };
  const calls = isSmall ? 5_000 : 30_000;
  const { delivery, delivering } = await startDelivery(size);
  using _delivery = delivery;
  const sidecar = await startSidecarProcess(delivering.address, directory);
  using _sidecar = sidecar.command;
  const { child, first: port } = await forkScript<number>("constant-server.ts", [
    join(directory, "constant.sock"),
  ]);
  using _floor = child;

  const body = writeBody(directory, planRequest(size, 3, true));
  const floor: Target = { pid: child.pid, address: `127.0.0.1:${port}`, cpu: [], rate: [] };
  const check: Target = { pid: sidecar.command.pid, address: sidecar.tcp, cpu: [], rate: [] };
  for (let round = -1; round < (isSmall ? 2 : 9); round++) {
    for (const target of round % 2 === 0 ? [floor, check] : [check, floor]) {
      const before = cpuTime(target.pid);
      const rate = load(target.address, body, calls);
      if (round < 0) continue;
      target.cpu.push((cpuTime(target.pid) - before) / calls);
      target.rate.push(rate);
    }
  }
  report({ what: "server CPU, constant answer", unit: "us", samples: floor.cpu });
  report({ what: "server CPU, Check", unit: "us", samples: check.cpu, target: CPU_US });
  report({ what: "server CPU, ratio", unit: "x", samples: ratios(check.cpu, floor.cpu) });
  report({ what: "answers in a second, constant answer", unit: "1/s", samples: floor.rate });
  report({ what: "answers in a second, Check", unit: "1/s", samples: check.rate });
  note(
    `Each round is ${calls} calls to each server over one connection, ${IN_FLIGHT} in flight, of one request.`,
  );
}

function hasH2load(): boolean {
  try {
    execFileSync("h2load", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A file with a gRPC message for h2load to send. */
function writeBody(directory: string, message: Buffer): string {
  const path = join(directory, "body");
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  writeFileSync(path, Buffer.concat([head, message]));
  return path;
}

/** Calls so many times, and returns the calls in a second. */
function load(address: string, body: string, calls: number): number {
  const output = execFileSync("h2load", [
    ...["-n", String(calls), "-c", "1", "-m", String(IN_FLIGHT), "-d", body],
    ...["-H", "content-type: application/grpc", "-H", "te: trailers"],
    `http://${address}${sidegateService.check.path}`,
  ]).toString();
  if (!output.includes(` ${calls} succeeded`)) throw new Error(output);
  return Number(/([\d.]+) req\/s/.exec(output)?.[1]);
}
