import { freemem } from "node:os";
import type { BenchmarkContext } from "./benchmark.ts";
import { CheckClient } from "./check-client.ts";
import { type Child, nextMessage } from "./child-processes.ts";
import type { Changed } from "./delivery-process.ts";
import { pauseMs } from "./pause.ts";
import { planChange, STRANGER } from "./plan-change.ts";
import { planRequest } from "./plan-requests.ts";
import { memory, resetPeak } from "./proc-files.ts";
import { startDelivery, startSidecarProcess } from "./sidecar-process.ts";
import type { WorldSize } from "./world-plan.ts";

const MB = 1_000_000;
/** Bytes that compiling takes for each binding, in another process, roughly. */
const COMPILING = 5_000;
const HEAP_MIB = 16_384;
const ROUNDS = 3;
const CHECKS = 10_000;
const CHANGES = 10;
const SETTLE_MS = 1000;

/** What a sidecar process keeps in memory, and what it takes in addition while one binding is changed. */
export async function measureMemory(context: BenchmarkContext): Promise<void> {
  for (const [bindings, target] of [
    [10_000, 100],
    [100_000, 150],
    [1_000_000, 450],
  ] as const) {
    await measureSize(context, bindings / (context.isSmall ? 10 : 1), target);
  }
  context.note(
    "Resident memory of sidegate sidecar, over a real delivery stream from another process that compiled the policy; organizations have 1,000 bindings each.",
  );
}

async function measureSize(
  { report, directory, isSmall }: BenchmarkContext,
  bindings: number,
  target: number,
): Promise<void> {
  const what = `${bindings} bindings`;
  if (freemem() < bindings * COMPILING + 1000 * MB) {
    report({ what, missing: `compiling takes ${(bindings * COMPILING) / MB} MB, which are not free` });
    return;
  }
  const size: WorldSize = { organizations: bindings / 1000, bindings };
  const { delivery, delivering } = await startDelivery(size, HEAP_MIB);
  using _delivery = delivery;
  const loaded: number[] = [];
  const peaks: number[] = [];
  const busy: number[] = [];
  const swaps: number[] = [];
  for (let round = 0; round < (isSmall ? 1 : ROUNDS); round++) {
    const { command, unix } = await startSidecarProcess(delivering.address, directory);
    using _sidecar = command;
    using client = new CheckClient(unix);
    await client.until(planRequest(size, 0, true), true);
    await pauseMs(SETTLE_MS);
    const { resident, peak } = memory(command.pid);
    loaded.push(resident);
    peaks.push(peak);
    for (let number = 0; number < CHECKS; number++) await client.check(planRequest(size, number, true));
    await pauseMs(SETTLE_MS);
    busy.push(memory(command.pid).resident);
    for (let change = 0; change < CHANGES; change++) {
      swaps.push(await measureSwap(command.pid, delivery, client, size));
    }
    await command.stop();
  }
  const megabytes = Math.round(delivering.bytes / MB);
  report({
    what: `${what} (${delivering.objects} objects, ${megabytes} MB of shards)`,
    unit: "MB",
    samples: loaded,
    target,
  });
  report({ what: "  most while it was loaded", unit: "MB", samples: peaks });
  report({ what: `  after ${CHECKS} checks`, unit: "MB", samples: busy });
  report({ what: "  more at the most while one binding is swapped in", unit: "MB", samples: swaps });
}

/** Changes a binding there and back, and returns how much memory the swaps took in addition at the most, in MB. */
async function measureSwap(
  pid: number,
  delivery: Child,
  client: CheckClient,
  size: WorldSize,
): Promise<number> {
  const { request, change } = planChange(size, 0);
  resetPeak(pid);
  const before = memory(pid).resident;
  for (const [user, allowed] of [
    [STRANGER, false],
    [undefined, true],
  ] as const) {
    delivery.process.send({ ...change, user });
    await nextMessage<Changed>(delivery);
    await client.until(request, allowed);
  }
  return memory(pid).peak - before;
}
