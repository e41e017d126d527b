import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { BenchmarkContext, Figure } from "./benchmark.ts";
import { CheckClient } from "./check-client.ts";
import { type Command, startCommand } from "./child-processes.ts";
import { freePort, untilListening } from "./free-port.ts";
import { planRequest } from "./plan-requests.ts";
import { startDelivery, startSidecarProcess } from "./sidecar-process.ts";
import { DOMAIN, type WorldSize } from "./world-plan.ts";
import { writeWorld } from "./write-world.ts";

const S = 1000;

/** From the start of the process until the first right answer: on a folder of manifests, and from the last known good. */
export async function measureStart(context: BenchmarkContext): Promise<void> {
  const { report, isSmall } = context;
  report({ what: "an empty Node process", unit: "s", samples: Array.from({ length: 10 }, timeEmptyProcess) });
  const scale = isSmall ? 10 : 1;
  for (const [bindings, target, rounds] of [
    [10_000, 1.5, 7],
    [100_000, 6, 3],
  ] as const) {
    const size = { organizations: bindings / 1000, bindings: bindings / scale };
    await measureFolder(context, size, target, isSmall ? 2 : rounds);
  }
  await measureLastKnownGood(context, { organizations: 100, bindings: 100_000 / scale }, isSmall ? 2 : 10);
}

/** `sidegate dev`: read, checked, compiled, delivered over a socket, loaded, asked. */
async function measureFolder(
  { report, note, directory }: BenchmarkContext,
  size: WorldSize,
  target: number,
  rounds: number,
): Promise<void> {
  const folder = join(directory, `manifests-${size.bindings}`);
  const objects = writeWorld(folder, size);
  const what = `folder of ${size.bindings} bindings (${objects} objects)`;
  const split = new Split(what);
  for (let round = 0; round < rounds; round++) {
    const port = await freePort();
    using dev = startCommand(
      ...["dev", folder, "--domain", DOMAIN, "--port", String(port), "--log-level", "info"],
      ...["--socket", join(directory, "dev.sock")],
    );
    await untilListening(port, () => dev.check());
    const answered = await firstAnswer(port, size);
    split.add(dev, answered, [
      ["importing modules", await dev.logged("Serves policies to sidecars")],
      ["reading, checking, compiling", await dev.logged("Published a policy")],
      ["delivering, loading", await dev.logged("Swapped a policy in")],
    ]);
    await dev.stop();
  }
  split.report(report, target);
  note(`${what}: ${size.organizations + 1} files, by sidegate dev`);
}

async function measureLastKnownGood(
  { report, directory }: BenchmarkContext,
  size: WorldSize,
  rounds: number,
): Promise<void> {
  const dataDirectory = join(directory, "data");
  const operator = await fillDirectory(size, directory, dataDirectory);
  const split = new Split(`last known good of ${size.bindings} bindings`);
  for (let round = 0; round < rounds; round++) {
    const port = await freePort();
    using sidecar = startCommand(
      ...["sidecar", "--operator", operator, "--domain", DOMAIN, "--data-dir", dataDirectory],
      ...["--listen", `127.0.0.1:${port}`, "--log-level", "info"],
    );
    await untilListening(port, () => sidecar.check());
    const answered = await firstAnswer(port, size);
    split.add(sidecar, answered, [
      ["importing modules", await sidecar.logged("Listening for checks")],
      ["reading, verifying, loading", await sidecar.logged("Restored the last known good policy")],
    ]);
    await sidecar.stop();
  }
  split.report(report, 0.6);
}

/** Lets a sidecar keep a policy. Returns the address of the operator, which is gone by then. */
async function fillDirectory(size: WorldSize, directory: string, dataDirectory: string): Promise<string> {
  const { delivery, delivering } = await startDelivery(size);
  using _delivery = delivery;
  const { command } = await startSidecarProcess(delivering.address, directory, { dataDirectory });
  using _sidecar = command;
  // It stops once all is written.
  await command.stop();
  return delivering.address;
}

/** When the first right answer was there, milliseconds since 1970. */
async function firstAnswer(port: number, size: WorldSize): Promise<number> {
  using client = new CheckClient(`127.0.0.1:${port}`);
  await client.until(planRequest(size, 5, true), true);
  return Date.now();
}

/** Seconds that a Node process takes that does nothing. */
function timeEmptyProcess(): number {
  const start = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return (performance.now() - start) / S;
}

/** Where the time of several starts went. */
class Split {
  readonly #what: string;
  readonly #whole: number[] = [];
  readonly #parts = new Map<string, number[]>();

  constructor(what: string) {
    this.#what = what;
  }

  /** @param milestones what ended with each log line, in their order */
  add(
    command: Command,
    answered: number,
    milestones: readonly (readonly [string, { time: number }])[],
  ): void {
    this.#whole.push((answered - command.startedAt) / S);
    let from = command.startedAt;
    for (const [part, { time }] of [...milestones, ["connecting, asking", { time: answered }] as const]) {
      const times = this.#parts.get(part) ?? [];
      this.#parts.set(part, times);
      times.push((time - from) / S);
      from = time;
    }
  }

  report(report: (figure: Figure) => void, target: number): void {
    report({ what: this.#what, unit: "s", samples: this.#whole, target });
    for (const [part, samples] of this.#parts) report({ what: `  of it ${part}`, unit: "s", samples });
  }
}
