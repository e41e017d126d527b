import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { SidecarProcess } from "../../support/sidecar-process.ts";
import { Installation, type Replica } from "./installation.ts";

const MAX_SECONDS = 20;
const LIMIT = { timeout: 300_000 };
const NO_ANSWER = ["Stale", "UnavailableError", "CheckFailedError"];

const installation = new Installation(process.env.KUBECONFIG ?? "", { maxSeconds: MAX_SECONDS });
const { witness } = installation;
let replicas: Replica[];
let sidecars: SidecarProcess[];

beforeAll(async () => {
  await installation.begin();
  [replicas, sidecars] = await installation.start(["pod-a", "pod-b"], ["one", "two", "slow"]);
}, 150_000);
afterAll(() => installation.end(), 120_000);
afterEach(() => witness.isContent());

const others = (leader: Replica) => replicas.map(({ name }) => name).filter((name) => name !== leader.name);

describe("when the leader", () => {
  test(
    "is killed in the middle of a push, another one ends it, and revokes nothing too early",
    LIMIT,
    async () => {
      const leader = await installation.leadingOf("pod-a", "pod-b");
      await installation.bindEffectively("going");
      const slow = sidecars[2] as SidecarProcess;
      witness.allow("slow", ...NO_ANSWER);
      slow.process.signal("SIGSTOP");
      const stoppedAt = performance.now();
      await installation.unbind("going");
      const coming = Array.from({ length: 20 }, (_, index) => `coming-${index}`);
      await Promise.all(coming.map((user) => installation.bind(user)));
      await expect
        .poll(() => installation.effective("going"), { timeout: 60_000 })
        .toMatch(/^False Propagating: Waits for .*slow/);
      await leader.process.end("SIGKILL");

      const next = await installation.leadingOf(...others(leader));
      // The new leader gives everybody it has read of the whole bound.
      while (performance.now() - stoppedAt < (MAX_SECONDS - 5) * 1_000) {
        expect(await installation.isThere("going")).toBe(true);
        expect(await installation.effective("coming-0")).not.toMatch(/^True/);
      }
      slow.process.signal("SIGCONT");
      await installation.isGone("going");
      for (const user of coming) {
        await installation.isEffective(user);
        witness.expect(user, "Allowed");
      }
      await witness.hears(50);
      await installation.isOneRevision(...sidecars);
      expect(next.process.isGone).toBe(false);
      await installation.startReplica(leader.name);
      await installation.isWell("after-the-kill");
      witness.allow("slow");
    },
  );

  test("stands still for longer than its Lease and goes on, its late writes do no harm", LIMIT, async () => {
    const leader = await installation.leadingOf("pod-a", "pod-b");
    await installation.bindEffectively("leaving");
    for (const name of ["one", "two", "slow"]) witness.allow(name, "Stale");
    // Stopped with work to do: it has read the write and has not judged it yet.
    await installation.bind("half-done");
    leader.process.signal("SIGSTOP");
    await installation.unbind("leaving");
    const next = await installation.leadingOf(...others(leader));
    await installation.isGone("leaving");
    await installation.isEffective("half-done");
    witness.expect("half-done", "Allowed");
    await installation.bindEffectively("meanwhile");
    for (const name of ["one", "two", "slow"]) witness.allow(name);

    leader.process.signal("SIGCONT");
    await leader.process.logged("Leads no longer");
    expect((await installation.leadingOf("pod-a", "pod-b")).name).toBe(next.name);
    await installation.isWell("after-the-pause");
    expect(await installation.effective("half-done")).toMatch(/^True/);
    expect(await installation.isThere("leaving")).toBe(false);
    await installation.isOneRevision(...sidecars);
  });

  test(
    "alone can not reach the API server, the other one leads, and it comes back in order",
    LIMIT,
    async () => {
      const leader = await installation.leadingOf("pod-a", "pod-b");
      await installation.bindEffectively("revoked");
      for (const name of ["one", "two", "slow"]) witness.allow(name, "Stale");
      leader.proxy.freeze();
      await installation.unbind("revoked");
      await leader.process.logged("Leads no longer");
      await installation.leadingOf(...others(leader));
      // It may still give the old policy to somebody until it stops vouching.
      await installation.isGone("revoked");
      await installation.bindEffectively("granted");
      for (const name of ["one", "two", "slow"]) witness.allow(name);
      leader.proxy.open();
      await installation.isWell("after-the-cut");
      expect(leader.process.isGone).toBe(false);
      await installation.isOneRevision(...sidecars);
    },
  );
});
