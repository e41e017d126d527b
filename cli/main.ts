import { hostname, tmpdir, userInfo } from "node:os";
import { createSystemClock } from "../host/clock.ts";
import packageJson from "../package.json" with { type: "json" };
import { type CliContext, exitCodes } from "./cli-context.ts";
import { createProgram } from "./create-program.ts";
import { makePrivateDirectory } from "./private-directory.ts";
import { reportError } from "./report-error.ts";

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait.
    if (stopping.signal.aborted) process.exit(exitCodes.error);
    stopping.abort();
  });
}
// The reader of a pipe that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? exitCodes.ok);
  throw error;
});

const context: CliContext = {
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  clock: createSystemClock(),
  random: Math.random,
  version: packageJson.version,
  // Compiled JavaScript is what an installed package has, and that is on the PATH.
  // As a plug-in it is called by kubectl.
  command:
    process.env.SIDEGATE_COMMAND ?? (import.meta.filename.endsWith(".ts") ? "npx sidegate" : "sidegate"),
  hostname: hostname(),
  pid: process.pid,
  get privateDirectory() {
    return makePrivateDirectory(process.env.XDG_RUNTIME_DIR ?? tmpdir(), userInfo().uid);
  },
  stopping: stopping.signal,
  async createLog(level) {
    const { pino } = await import("pino");
    return pino({ level }, pino.destination({ dest: 2, sync: true }));
  },
  exit: (code) => {
    process.exitCode = code;
  },
};

try {
  await createProgram(context).parseAsync(process.argv);
} catch (error) {
  context.exit(reportError(context, error));
}
