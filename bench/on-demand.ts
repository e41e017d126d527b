import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CheckRequest } from "../proto/generated/decision.js";
import type { BenchmarkContext } from "./benchmark.ts";
import { CheckClient } from "./check-client.ts";
import { pauseMs } from "./pause.ts";
import { STRANGER } from "./plan-change.ts";
import { planRequest } from "./plan-requests.ts";
import { memory } from "./proc-files.ts";
import { type SidecarProcess, startDelivery, startSidecarProcess } from "./sidecar-process.ts";
import type { WorldSize } from "./world-plan.ts";

const ROUNDS = 10;
const CALLS = 150;
const SETTLE_MS = 2000;
const HEAP_MIB = 8_192;

/** What a sidecar costs and takes that loads organizations on demand, beside one that has all of them in memory. */
export async function measureOnDemand({ report, note, directory, isSmall }: BenchmarkContext): Promise<void> {
  const organizations = isSmall ? 300 : 2_000;
  const size: WorldSize = { organizations, bindings: organizations * 100 };
  const { delivery, delivering } = await startDelivery(size, HEAP_MIB);
  using _delivery = delivery;
  const start = async (name: string, more: { shardMemory?: string; dataDirectory?: string }) => {
    const own = join(directory, name);
    mkdirSync(own);
    const sidecar = await startSidecarProcess(delivering.address, own, more);
    const client = new CheckClient(sidecar.unix);
    await client.until(planRequest(size, 0, true), true);
    return { name, sidecar, client };
  };
  const dataDirectory = join(directory, "data");
  const contenders = [
    await start("all in memory", {}),
    await start("on demand, from the operator", { shardMemory: "1Mi" }),
    await start("on demand, from disk", { shardMemory: "1Mi", dataDirectory }),
  ];
  await contenders[2]!.sidecar.command.logged("All shards of the policy are on disk");
  await pauseMs(SETTLE_MS);
  for (const { name, sidecar } of contenders) reportMemory(name, sidecar);
  const hits: number[][] = contenders.map(() => []);
  const misses: number[][] = contenders.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { client }] of contenders.entries()) {
      // One organization again and again, and then one after the other, which are too many to stay.
      hits[index]!.push(await median(client, () => planRequest(size, 0, true)));
      misses[index]!.push(await median(client, (call) => planRequest(size, round * CALLS + call, true)));
    }
  }
  for (const [index, { name }] of contenders.entries()) {
    report({ what: `${name}: check, the same organization`, unit: "ms", samples: hits[index]! });
    report({ what: `${name}: check, another each time`, unit: "ms", samples: misses[index]! });
  }
  const nobody = CheckRequest.encode({
    subject: { kind: "User", name: STRANGER },
    permission: "logs:view",
    scope: "platform",
  }).finish() as Buffer;
  for (const { name, client } of contenders) {
    const walk = await median(client, () => nobody, 3);
    report({ what: `${name}: denial at Platform, which looks at all`, unit: "ms", samples: [walk] });
  }
  for (const { name, sidecar, client } of contenders) {
    reportMemory(`${name}, after that`, sidecar);
    client[Symbol.dispose]();
    await sidecar.command.stop();
  }
  note(
    `${size.bindings} bindings in ${organizations} organizations; on demand 1 MiB of them stays in memory.`,
  );

  function reportMemory(name: string, { command }: SidecarProcess): void {
    report({ what: `${name}: memory of the sidecar`, unit: "MB", samples: [memory(command.pid).resident] });
  }
}

async function median(
  client: CheckClient,
  request: (call: number) => Buffer,
  calls = CALLS,
): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < calls; call++) {
    const bytes = request(call);
    const start = performance.now();
    await client.check(bytes);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1]!;
}
