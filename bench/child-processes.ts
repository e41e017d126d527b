import { type ChildProcess, type ForkOptions, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A process under measurement. `using` it kills it at the end of the block. */
export class Child implements Disposable {
  readonly process: ChildProcess;
  readonly pid: number;
  /** When it was started, milliseconds since 1970. */
  readonly startedAt: number;
  #exit: string | undefined;

  constructor(child: ChildProcess, startedAt: number) {
    if (child.pid === undefined) throw new Error("A process could not be started");
    this.process = child;
    this.pid = child.pid;
    this.startedAt = startedAt;
    child.once("exit", (code, signal) => {
      this.#exit = `A process ended with ${signal ?? code}`;
    });
  }

  /** Throws when it has ended. */
  check(): void {
    if (this.#exit !== undefined) throw new Error(this.#exit);
  }

  [Symbol.dispose](): void {
    this.process.kill("SIGKILL");
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    if (this.#exit !== undefined) return;
    this.process.kill("SIGTERM");
    await once(this.process, "exit");
  }
}

/** A line of a log in JSON. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A `sidegate` command whose log is read. */
export class Command extends Child {
  readonly log: LogLine[] = [];
  readonly #other: string[] = [];
  #onLine: () => void = () => {};

  constructor(child: ChildProcess, startedAt: number) {
    super(child, startedAt);
    if (child.stderr === null) throw new Error("The log of a command is to be read");
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line.startsWith("{")) this.log.push(JSON.parse(line));
      else this.#other.push(line);
      this.#onLine();
    });
    child.once("exit", () => this.#onLine());
  }

  /** The first log line with this message, once it is there. Rejects when the command ends before. */
  async logged(message: string): Promise<LogLine> {
    for (;;) {
      const found = this.log.find(({ msg }) => msg === message);
      if (found !== undefined) return found;
      try {
        this.check();
      } catch (cause) {
        throw new Error(`${this.#other.join("\n")}${JSON.stringify(this.log.at(-1))}`, { cause });
      }
      await new Promise<void>((resolve) => {
        this.#onLine = resolve;
      });
    }
  }
}

/** Starts `sidegate` with these arguments. */
export function startCommand(...args: string[]): Command {
  const startedAt = Date.now();
  const launcher = join(import.meta.dirname, "../cli/sidegate");
  const child = spawn(launcher, args, { stdio: ["ignore", "ignore", "pipe"] });
  return new Command(child, startedAt);
}

/** Starts the fake API server, and waits until it has written a kubeconfig and answers. */
export async function startFakeApiServer(kubeconfig: string): Promise<Child> {
  const script = join(import.meta.dirname, "../test/fake-apiserver/main.ts");
  const startedAt = Date.now();
  const process_ = spawn(process.execPath, [script, "--kubeconfig", kubeconfig], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const child = new Child(process_, startedAt);
  await once(process_.stdout, "data");
  return child;
}

/** Starts a script of this folder that talks with messages, and waits for its first one. */
export async function forkScript<T>(
  script: string,
  args: readonly string[],
  options: ForkOptions = {},
): Promise<{ child: Child; first: T }> {
  const startedAt = Date.now();
  const child = new Child(fork(join(import.meta.dirname, script), args, options), startedAt);
  const first = await nextMessage<T>(child);
  return { child, first };
}

/** The next message of a forked script. Rejects when it ends before. */
export async function nextMessage<T>(child: Child): Promise<T> {
  const ended = new AbortController();
  const fail = once(child.process, "exit", { signal: ended.signal }).then(() => {
    throw new Error(`Process ${child.process.spawnargs.join(" ")} ended early`);
  });
  try {
    const [message] = (await Promise.race([
      once(child.process, "message", { signal: ended.signal }),
      fail,
    ])) as [T];
    return message;
  } finally {
    ended.abort();
    fail.catch(() => {});
  }
}
