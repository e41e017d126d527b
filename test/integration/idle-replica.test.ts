import { afterEach, expect, test } from "vitest";
import type { SeenRequest } from "../fake-apiserver/request-faults.ts";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { ReplicaFixture } from "../operator/replica-fixture.ts";
import { ManualClock } from "../support/manual-clock.ts";

let server: FakeApiServer;
let fixture: ReplicaFixture;
afterEach(async () => {
  await fixture.stop();
  await server.stop();
});

/** What a request is, without names that differ from run to run. */
function describeRequest({ method, path, watch }: SeenRequest): string {
  const resource = path.replace(/^\/apis?\//, "").replace(/\/namespaces\/[^/]+/, "");
  return `${watch ? "watch" : method} ${resource}`;
}

/** Turns the replicas' clock, and lets what they ask be answered before it goes on. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 2_000) {
    await clock.advance(2_000);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test("in an idle hour replicas ask the API server for nothing but watches, and renew their Leases", async () => {
  // Bookmarks are the server's; they come by its own clock, often enough that no watch seems to be silent.
  server = await startFakeApiServer({ bookmarkIntervalMs: 100 });
  const clock = new ManualClock(Date.now());
  fixture = new ReplicaFixture(server.kubeconfig(), clock);
  await fixture.createNamespace();
  await fixture.create("Organization", "acme", {});
  const replicas = [await fixture.start("pod-a"), await fixture.start("pod-b")];
  const isReady = async () => {
    await clock.advance(50);
    return replicas.every(({ operator }) => operator.isReady());
  };
  await expect.poll(isReady, { timeout: 60_000, interval: 5 }).toBe(true);
  // What starts does not belong to the idle time: statuses, clearing up, the first events.
  await pass(clock, 120_000);

  const seen = new Map<string, number>();
  server.faults.requests.delay(0, (request) => {
    const what = describeRequest(request);
    seen.set(what, (seen.get(what) ?? 0) + 1);
    return false;
  });
  await pass(clock, 3_600_000);
  const others = [...seen.keys()].filter((what) => !what.startsWith("watch "));
  expect(others.sort()).toEqual([
    "PATCH coordination.k8s.io/v1/leases/sidegate-operator",
    "PATCH coordination.k8s.io/v1/leases/sidegate-replica-pod-a",
    "PATCH coordination.k8s.io/v1/leases/sidegate-replica-pod-b",
  ]);
  expect(seen.get("PATCH coordination.k8s.io/v1/leases/sidegate-operator")).toBeLessThanOrEqual(1_801);
  expect(seen.get("PATCH coordination.k8s.io/v1/leases/sidegate-replica-pod-a")).toBeLessThanOrEqual(361);
}, 240_000);
