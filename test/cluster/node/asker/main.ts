import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { type CheckFailedError, SidegateClient } from "../../../../client/index.ts";
import type { Answer, Question, Tally } from "./questions.ts";

// The application of the suites' pods. It finds its sidecar as any other does, by what injection has set, asks what it is asked to ask
// (GET /ask?subject=ada&permission=logs:view&scope=environment/prod), and asks the questions of STEADY ten times a second
// by itself, counting what is not as it should be (GET /tally). With JOB it asks them once and ends.

const sidegate = new SidegateClient();
const steady = JSON.parse(process.env.STEADY ?? "[]") as (Question & { allowed: boolean })[];
const tally: Tally = { begunAt: Date.now(), right: 0, wrong: [], failed: [], slowestMs: 0 };

async function ask({ subject, permission, scope, domain }: Question): Promise<Answer> {
  const asked = performance.now();
  const answer = await sidegate
    .check({
      subject: { kind: "User", name: subject },
      permission,
      scope,
      ...(domain !== undefined && { domain }),
    })
    .then(
      ({ allowed, reason }) => ({ allowed, reason }),
      ({ status, message }: CheckFailedError) => ({ error: `${status} ${message}` }),
    );
  return { ...answer, ms: performance.now() - asked };
}

async function askSteadily(): Promise<void> {
  for (const question of steady) {
    const answer = await ask(question);
    const what = `${new Date().toISOString()} ${JSON.stringify({ ...question, ...answer })}`;
    tally.slowestMs = Math.max(tally.slowestMs, answer.ms);
    if ("error" in answer) tally.failed.push(what);
    else if (answer.allowed === question.allowed) tally.right++;
    else tally.wrong.push(what);
  }
}

/** Sends a signal to the sidecar's process, which is seen in pods that share one table of processes. */
function signalSidecar(signal: string): string {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (!args.includes("sidecar") || Number(pid) === process.pid) continue;
    process.kill(Number(pid), signal);
    return `Sent ${signal} to ${pid}`;
  }
  throw new Error("The pod has no sidecar, or its processes are not shared");
}

async function respond(url: URL): Promise<unknown> {
  const { pathname, searchParams } = url;
  if (pathname === "/ask") return ask(Object.fromEntries(searchParams) as unknown as Question);
  if (pathname === "/signal") return signalSidecar(searchParams.get("name") ?? "");
  if (pathname === "/tally") return tally;
  return { address: process.env.SIDEGATE_ADDRESS };
}

if (process.env.JOB !== undefined) {
  await askSteadily();
  console.log(JSON.stringify(tally));
  sidegate.close();
  process.exitCode = tally.right === steady.length ? 0 : 1;
} else {
  // Before the server, so that a pod that is ready has been answered.
  await askSteadily();
  console.log(JSON.stringify(tally));
  const timer = setInterval(() => void askSteadily(), 100);
  const server = createServer((request, response) => {
    respond(new URL(request.url ?? "/", "http://asker")).then(
      (body) => response.end(JSON.stringify(body)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  }).listen(8080);
  process.once("SIGTERM", () => {
    // What it asks until its own end has to be answered, too.
    void askSteadily().then(() => {
      console.log(JSON.stringify(tally));
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
      sidegate.close();
    });
  });
}
