import { describe, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryCluster } from "../../test/support/memory-api.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { LeaderElection } from "./leader-election.ts";
import type { Lease } from "./lease.ts";
import { LeaseWatch } from "./lease-watch.ts";

const namespace = "sidegate-system";
const key = `Lease/${namespace}/sidegate-operator`;

function setUp() {
  const clock = new ManualClock();
  const cluster = new MemoryCluster();
  /** One candidate; `skewMs` sets its wall clock off from the others'. */
  const join = (identity: string, skewMs = 0) => {
    const api = cluster.client();
    const skewed = {
      now: () => clock.now(),
      wallTime: () => clock.wallTime() + skewMs,
      after: (ms: number, task: () => void) => clock.after(ms, task),
    };
    const told: boolean[] = [];
    const leases = new LeaseWatch({
      ...{ api, namespace, clock: skewed },
      random: () => 0,
      onRetry: () => {},
      onFatal: () => {},
    });
    const election = new LeaderElection({
      ...{ api, namespace, name: "sidegate-operator", identity, leases, clock: skewed, logger: silent },
      random: () => 0.5,
    });
    election.subscribe((isLeader) => told.push(isLeader));
    leases.start();
    election.start();
    return { api, told, leases, election };
  };
  const spec = () => (cluster.objects.get(key) as Lease | undefined)?.spec;
  const steal = (by: string) =>
    cluster
      .client()
      .mergePatch({ group: "", version: "", plural: "", kind: "Lease" }, namespace, "sidegate-operator", {
        spec: { holderIdentity: by, renewTime: "stolen" },
      });
  return { clock, cluster, join, spec, steal };
}

test("the first candidate creates the Lease and leads, and renews it every 2 s with nothing but patches", async () => {
  const { clock, cluster, join, spec } = setUp();
  const a = join("a");
  await clock.advance(0);
  expect([a.told, a.election.isLeader]).toEqual([[true], true]);
  expect(spec()).toEqual({
    holderIdentity: "a",
    leaseDurationSeconds: 15,
    acquireTime: "2026-01-01T00:00:00.000000Z",
    renewTime: "2026-01-01T00:00:00.000000Z",
    leaseTransitions: 0,
  });
  cluster.requests.length = 0;
  await clock.advance(20_000);
  expect(cluster.requests).toEqual(Array.from({ length: 10 }, () => "patch Lease/sidegate-operator"));
  expect(spec()).toMatchObject({ acquireTime: "2026-01-01T00:00:00.000000Z" });
});

describe("a second candidate", () => {
  test("asks nothing while the Lease is renewed", async () => {
    const { clock, cluster, join } = setUp();
    join("a");
    await clock.advance(0);
    const b = join("b");
    await clock.advance(1_000);
    cluster.requests.length = 0;
    await clock.advance(3_600_000);
    expect(b.told).toEqual([]);
    expect(new Set(cluster.requests)).toEqual(new Set(["patch Lease/sidegate-operator", "watch Lease/"]));
  });

  test("leads at once when the first one stops", async () => {
    const { clock, join, spec } = setUp();
    const a = join("a");
    await clock.advance(0);
    const b = join("b");
    await clock.advance(5_000);
    await a.election.stop();
    await clock.advance(0);
    expect([a.told, b.told]).toEqual([[true, false], [true]]);
    expect(spec()).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
  });

  test("leads 15 s after it saw the last renewal of one that died, however wrong the clocks are", async () => {
    for (const skewMs of [-3_600_000, 3_600_000]) {
      const { clock, join } = setUp();
      const a = join("a", skewMs);
      await clock.advance(0);
      const b = join("b");
      await clock.advance(5_000);
      a.api.isCut = true;
      await clock.advance(13_000);
      expect([a.election.isLeader, b.election.isLeader]).toEqual([false, false]);
      await clock.advance(2_000);
      expect([a.told, b.told]).toEqual([[true, false], [true]]);
    }
  });

  test("whose watch hangs does not take a Lease that is renewed", async () => {
    const { clock, join } = setUp();
    const a = join("a");
    await clock.advance(0);
    const b = join("b");
    await clock.advance(1_000);
    b.api.isDeaf = true;
    await clock.advance(120_000);
    expect([a.told, b.told]).toEqual([[true], []]);
  });

  test("that starts together with the first is no second leader", async () => {
    const { clock, join } = setUp();
    const both = [join("a"), join("b"), join("c")];
    for (let at = 0; at < 60_000; at += 500) {
      await clock.advance(500);
      expect(both.filter(({ election }) => election.isLeader).length).toBeLessThanOrEqual(1);
    }
    expect(both.filter(({ election }) => election.isLeader)).toHaveLength(1);
  });
});

describe("a leader", () => {
  test("that can not renew gives up after 10 s, goes on trying, and leads again", async () => {
    const { clock, join, spec } = setUp();
    const a = join("a");
    await clock.advance(0);
    a.api.isCut = true;
    await clock.advance(9_999);
    expect(a.election.isLeader).toBe(true);
    await clock.advance(1);
    expect(a.told).toEqual([true, false]);
    a.api.isCut = false;
    await clock.advance(10_000);
    expect(a.told).toEqual([true, false, true]);
    expect(spec()).toMatchObject({ leaseTransitions: 0 });
  });

  test("that a third party replaced notices with the next event, and waits for the Lease's end", async () => {
    const { clock, join, steal } = setUp();
    const a = join("a");
    await clock.advance(0);
    await steal("thief");
    await clock.advance(0);
    expect(a.told).toEqual([true, false]);
    await clock.advance(14_000);
    expect(a.told).toEqual([true, false]);
    await clock.advance(6_000);
    expect(a.told).toEqual([true, false, true]);
  });

  test("that was replaced while its watch hung notices when it renews", async () => {
    const { clock, join, steal } = setUp();
    const a = join("a");
    await clock.advance(0);
    a.api.isDeaf = true;
    await steal("thief");
    await clock.advance(2_000);
    expect(a.told).toEqual([true, false]);
  });

  test("whose Lease was deleted makes it anew and goes on", async () => {
    const { clock, cluster, join, spec } = setUp();
    const a = join("a");
    await clock.advance(0);
    cluster.objects.delete(key);
    await clock.advance(2_000);
    expect(a.told).toEqual([true]);
    expect(spec()).toMatchObject({ holderIdentity: "a" });
  });

  test("is not one before its watch shows the Lease, so that it knows of all who came before", async () => {
    const { clock, join } = setUp();
    const a = join("a");
    a.api.isDeaf = true;
    await clock.advance(1_000);
    expect(a.told).toEqual([]);
  });

  test("whose timers were late acts no more once it is asked", async () => {
    const { clock, cluster } = setUp();
    let isFrozen = false;
    const late = {
      now: () => clock.now() + (isFrozen ? 60_000 : 0),
      wallTime: () => clock.wallTime(),
      after: (ms: number, task: () => void) => clock.after(ms, task),
    };
    const api = cluster.client();
    const options = { api, namespace, clock: late, random: () => 0, logger: silent };
    const leases = new LeaseWatch({ ...options, onRetry: () => {}, onFatal: () => {} });
    const election = new LeaderElection({ ...options, name: "sidegate-operator", identity: "a", leases });
    leases.start();
    election.start();
    await clock.advance(0);
    expect(election.isLeader).toBe(true);
    isFrozen = true;
    expect(election.isLeader).toBe(false);
  });
});

test("renewals are hurried on request, with the annotations of then", async () => {
  const clock = new ManualClock();
  const cluster = new MemoryCluster();
  const api = cluster.client();
  const annotations = { "sidegate.dev/replicas": "{}" };
  const options = { api, namespace, clock, random: () => 0, logger: silent };
  const leases = new LeaseWatch({ ...options, onRetry: () => {}, onFatal: () => {} });
  const named = { name: "sidegate-operator", identity: "a", leases, annotations: () => annotations };
  const election = new LeaderElection({ ...options, ...named });
  leases.start();
  election.start();
  await clock.advance(100);
  annotations["sidegate.dev/replicas"] = '{"b":"1"}';
  election.renew();
  await clock.advance(0);
  expect(cluster.objects.get(key)?.metadata.annotations).toEqual({ "sidegate.dev/replicas": '{"b":"1"}' });
});

test("one that stops without the Lease writes nothing", async () => {
  const { clock, cluster, join } = setUp();
  join("a");
  await clock.advance(0);
  const b = join("b");
  await clock.advance(100);
  cluster.requests.length = 0;
  await b.election.stop();
  expect(cluster.requests).toEqual([]);
});
