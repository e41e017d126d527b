import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { RawSidecar } from "../../support/raw-sidecar.ts";
import type { SidecarProcess } from "../../support/sidecar-process.ts";
import { Installation } from "./installation.ts";

const MAX_SECONDS = 20;
/** Until a replica takes a peer for lost that says nothing and closes nothing. */
const SILENCE_MS = 20_000;
const LIMIT = { timeout: 300_000 };
const NO_ANSWER = ["Stale", "UnavailableError", "CheckFailedError"];
const NOBODY = ["unix:/nowhere/operator.sock"];
const run = promisify(execFile);

const installation = new Installation(process.env.KUBECONFIG ?? "", { maxSeconds: MAX_SECONDS });
const { witness } = installation;
let paused: SidecarProcess;
let full: SidecarProcess;

beforeAll(async () => {
  await installation.begin();
  const [, sidecars] = await installation.start(["pod-a", "pod-b"], ["good", "paused", "full"]);
  [, paused, full] = sidecars as [SidecarProcess, SidecarProcess, SidecarProcess];
}, 150_000);
afterAll(() => installation.end(), 120_000);
afterEach(() => witness.isContent());

test(
  "a sidecar that stands still past its bound delays a deletion by that, and then decides nothing old",
  LIMIT,
  async () => {
    await installation.bindEffectively("going");
    witness.allow("paused", ...NO_ANSWER);
    const stoppedAt = performance.now();
    paused.process.signal("SIGSTOP");
    await installation.unbind("going");
    await installation.bind("coming");
    for (const user of ["going", "coming"])
      await expect
        .poll(() => installation.effective(user), { timeout: 15_000, interval: 20 })
        .toMatch(/^False Propagating: Waits for sidecar .*paused/);
    await installation.isGone("going");
    const took = performance.now() - stoppedAt;
    // It was told that its policy is current five seconds before it stopped, at the earliest.
    expect(took).toBeGreaterThan((MAX_SECONDS - 6) * 1_000);
    expect(took).toBeLessThan(MAX_SECONDS * 1_000 + SILENCE_MS + 30_000);
    await installation.isEffective("coming");
    // Its questions from before are over.
    await witness.hears(10);
    paused.process.signal("SIGCONT");
    await eventually(() => paused.ask("coming"), "Allowed");
    witness.expect("coming", "Allowed");
    witness.allow("paused");
    await installation.isWell("after-the-pause");
  },
);

test(
  "a sidecar whose disk is full decides on, takes changes, and after a restart nothing older than them",
  LIMIT,
  async () => {
    await installation.bindEffectively("dropped");
    await run("prlimit", ["--pid", String(full.process.pid), "--fsize=0"]);
    await installation.unbind("dropped");
    await installation.isGone("dropped");
    await installation.isWell("with-a-full-disk");
    await full.process.logged("Could not write the time of the last contact");
    await witness.hears(20);

    // The disk did not take the policy that the deletion was called effective by, so nothing older may come back from it.
    witness.allow("full", ...NO_ANSWER);
    await full.process.end("SIGKILL");
    const alone = await installation.launchSidecar("full", { operators: NOBODY });
    for (let count = 0; count < 20; count++) expect(NO_ANSWER).toContain(await alone.ask("dropped"));
    await alone.process.end();
    const again = await installation.launchSidecar("full");
    await eventually(() => again.ask("with-a-full-disk"), "Allowed");
    expect(await again.ask("dropped")).toBe("NoGrant");
    await again.process.end();
  },
);

test("a last known good that somebody changed decides nothing", LIMIT, async () => {
  const first = await installation.launchSidecar("tampered");
  await eventually(() => first.ask("always"), "Allowed");
  const filesOf = async () => {
    const entries = await readdir(first.directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile());
  };
  await eventually(async () => (await filesOf()).some(({ name }) => name === "policy"), true);
  await first.process.end("SIGKILL");
  const files = await filesOf();
  const shards = files.filter(({ parentPath }) => parentPath.includes("shards"));
  expect(shards.length).toBeGreaterThan(0);
  for (const { parentPath, name } of shards) {
    const bytes = await readFile(join(parentPath, name));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(join(parentPath, name), bytes);
  }
  const alone = await installation.launchSidecar("tampered", { operators: NOBODY });
  for (const user of ["always", "never"]) expect(await alone.ask(user)).toBe("UnavailableError");
  await eventually(() => alone.process.stderr.includes("SG2201"), true);
  await alone.process.end();
  const again = await installation.launchSidecar("tampered");
  await eventually(() => again.ask("always"), "Allowed");
  await again.process.end();
});

test(
  "a peer with a good token that acknowledges what it was never sent makes nothing effective",
  LIMIT,
  async () => {
    const { ca } = await installation.mountTrust("liar");
    const liar = new RawSidecar(installation.addressOf("pod-a"), true, {
      ...{ ca: await readFile(ca, "utf8"), name: "localhost", token: await installation.issueToken() },
    }).hello([installation.namespace], "liar");
    const beats = setInterval(() => liar.send({ heartbeat: {} }), 1_000);
    await liar.upTo("commit");
    await installation.bind("lied-about");
    for (let count = 0; count < 100; count++)
      liar.send({ ack: { domain: installation.namespace, revision: count.toString(16).padStart(64, "0") } });
    await expect
      .poll(() => installation.effective("lied-about"), { timeout: 60_000 })
      .toMatch(/^False Propagating: Waits for sidecar .*liar/);
    await installation.witness.hears(20);
    expect(await installation.effective("lied-about")).toMatch(/^False/);
    liar.send({ goodbye: {} });
    await installation.isEffective("lied-about");
    clearInterval(beats);
    liar.close();
    await installation.isWell("after-the-liar");
  },
);
