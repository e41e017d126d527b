import { join } from "node:path";
import type { BenchmarkContext } from "./benchmark.ts";
import { CheckClient } from "./check-client.ts";
import { forkScript } from "./child-processes.ts";
import { planRequest } from "./plan-requests.ts";
import { startDelivery, startSidecarProcess } from "./sidecar-process.ts";
import { quantile, ratios } from "./statistics.ts";

const MEDIAN_RATIO = 1.15;
const P99_RATIO = 1.3;

interface Target {
  readonly client: CheckClient;
  /** Milliseconds, one for each round. */
  readonly medians: number[];
  readonly p99s: number[];
}

/**
 * One check at a time over gRPC, beside a grpc-js server with one ready answer. The two take turns, round by round, because
 * what a call takes depends on what else keeps the cores busy or lets them sleep; each ratio is that of two neighbouring
 * rounds.
 */
export async function measureCheckLatency({
  report,
  note,
  directory,
  isSmall,
}: BenchmarkContext): Promise<void> {
  const size = { organizations: 100, bindings: isSmall ? 10_000 : 100_000 };
  const calls = isSmall ? 200 : 1000;
  const { delivery, delivering } = await startDelivery(size);
  using _delivery = delivery;
  const { command, tcp, unix } = await startSidecarProcess(delivering.address, directory);
  using _sidecar = command;
  const floorSocket = join(directory, "constant.sock");
  const { child, first: port } = await forkScript<number>("constant-server.ts", [floorSocket]);
  using _floor = child;
  const requests = Array.from({ length: calls }, (_, number) => planRequest(size, number, number % 2 === 0));

  for (const [transport, floorAddress, address] of [
    ["TCP", `127.0.0.1:${port}`, tcp],
    ["Unix socket", `unix:${floorSocket}`, unix],
  ] as const) {
    using floorClient = new CheckClient(floorAddress);
    using client = new CheckClient(address);
    const floor: Target = { client: floorClient, medians: [], p99s: [] };
    const check: Target = { client, medians: [], p99s: [] };
    const rounds = isSmall ? 5 : 30;
    for (let round = -WARM_UP; round < rounds; round++) {
      // Whoever comes second finds the machine as the first left it, so they take turns in that, too.
      for (const target of round % 2 === 0 ? [floor, check] : [check, floor]) {
        const times = await callOneByOne(target.client, requests);
        if (round < 0) continue;
        target.medians.push(quantile(times, 0.5));
        target.p99s.push(quantile(times, 0.99));
      }
    }
    report({ what: `${transport}, median, constant answer`, unit: "ms", samples: floor.medians });
    report({ what: `${transport}, median, Check`, unit: "ms", samples: check.medians });
    const medians = ratios(check.medians, floor.medians);
    report({ what: `${transport}, median, ratio`, unit: "x", samples: medians, target: MEDIAN_RATIO });
    report({ what: `${transport}, p99, constant answer`, unit: "ms", samples: floor.p99s });
    report({ what: `${transport}, p99, Check`, unit: "ms", samples: check.p99s });
    const p99s = ratios(check.p99s, floor.p99s);
    report({ what: `${transport}, p99, ratio`, unit: "x", samples: p99s, target: P99_RATIO });
  }
  note(
    `Each round is ${calls} calls to each server, half of them allowed; ${size.bindings} bindings in ${size.organizations} organizations.`,
  );
}

const WARM_UP = 5;

/** The times of the calls, in milliseconds. */
async function callOneByOne(client: CheckClient, requests: readonly Buffer[]): Promise<number[]> {
  const times: number[] = [];
  for (const request of requests) {
    const start = performance.now();
    await client.check(request);
    times.push(performance.now() - start);
  }
  return times;
}
