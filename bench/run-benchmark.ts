/**
 * One benchmark in a process of its own, forked by main.ts, so that none finds the heap, the compiled code or the processes
 * of another. Sends lines and notes as messages, and an error if there is one.
 */
import type { BenchmarkContext, Line } from "./benchmark.ts";
import { benchmarks } from "./benchmarks.ts";

/** What main.ts sends. */
export interface Order {
  readonly name: string;
  readonly directory: string;
  readonly isSmall: boolean;
  readonly kubeconfig: string | undefined;
}

export type Message =
  | { readonly line: Line }
  | { readonly note: string }
  /** The last one. */
  | { readonly end: { readonly error?: string } };

// Once main.ts has gone, nobody else ends the processes of this group.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));

const send = (message: Message) => process.send?.(message);

process.once("message", ({ name, ...order }: Order) => {
  const context: BenchmarkContext = {
    ...order,
    report: (line) => send({ line }),
    note: (note) => send({ note }),
  };
  run(name, context).then(
    () => send({ end: {} }),
    (error: unknown) => send({ end: { error: String(error instanceof Error ? error.stack : error) } }),
  );
});

async function run(name: string, context: BenchmarkContext): Promise<void> {
  const benchmark = await benchmarks.find((entry) => entry.name === name)?.load();
  if (benchmark === undefined) throw new Error(`There is no benchmark ${name}`);
  await benchmark(context);
}
