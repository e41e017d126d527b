import { describe, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryCluster } from "../../test/support/memory-api.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { deliveryReportResource, reportObject } from "../effective/report-object.ts";
import { NO_EVENTS } from "../events/event-recorder.ts";
import { joinInstallation } from "./join-installation.ts";

const namespace = "sidegate-system";

function setUp() {
  const clock = new ManualClock();
  const cluster = new MemoryCluster();
  const join = (replica: string) => {
    const api = cluster.client();
    const told: string[] = [];
    const membership = joinInstallation({
      installation: { namespace, replica, service: "sidegate-operator" },
      ...{ api, leaseApi: api, namespace: undefined, events: NO_EVENTS, clock, logger: silent },
      random: () => 0.5,
      onRetry: () => {},
      onFatal: () => {},
    } as Parameters<typeof joinInstallation>[0]);
    membership.vouching.subscribe((isVouching) => told.push(isVouching ? "vouches" : "suspended"));
    const position: Record<string, string> = {};
    let hurried = 0;
    membership.follow({ position: () => position, hurry: () => hurried++ });
    return { api, membership, told, position, hurried: () => hurried };
  };
  const leases = () =>
    [...cluster.objects.keys()]
      .filter((key) => key.startsWith("Lease/"))
      .map((key) => key.split("/")[2])
      .sort();
  return { clock, cluster, join, leases };
}

/** What a replica has that read everything there is. */
function readAll(position: Record<string, string>, revision: string): void {
  const kinds = [
    ...[
      "AccessDomain",
      "PermissionCatalog",
      "AccessRole",
      "AccessRoleBinding",
      "AccessGroup",
      "AccessConstraint",
    ],
    ...["Organization", "Environment", "Workspace", "Membership", "TokenPolicy"],
  ];
  for (const kind of kinds) position[kind] = revision;
}

describe("a replica", () => {
  test("that is the first leads, and counts at once", async () => {
    const { clock, join, leases } = setUp();
    const a = join("a");
    await clock.advance(10);
    await a.membership.joined;
    expect([a.told, a.membership.vouching.isVouching]).toEqual([["vouches"], true]);
    expect(leases()).toEqual(["sidegate-operator", "sidegate-replica-a"]);
  });

  test("that comes later counts as soon as the leader has seen it", async () => {
    const { clock, join } = setUp();
    const a = join("a");
    await clock.advance(3_000);
    const b = join("b");
    await clock.advance(10);
    expect(b.told).toEqual(["vouches"]);
    expect(a.membership.replicas.live()).toEqual(["a", "b"]);
  });

  test("does not vouch while the leader has not seen it", async () => {
    const { clock, join } = setUp();
    const a = join("a");
    await clock.advance(3_000);
    a.api.isDeaf = true;
    const b = join("b");
    await clock.advance(8_000);
    expect([b.told, a.membership.replicas.live()]).toEqual([[], ["a"]]);
    a.api.isDeaf = false;
  });

  test("vouches when the leader it waited for is gone: whoever leads next sees it first", async () => {
    const { clock, join } = setUp();
    const a = join("a");
    await clock.advance(3_000);
    a.api.isCut = true;
    const b = join("b");
    await clock.advance(14_000);
    expect(b.told).toEqual([]);
    await clock.advance(4_000);
    expect([b.told, b.membership.leadership.isLeader]).toEqual([["vouches"], true]);
  });

  test("that can not renew for 30 s stops vouching, and begins again when it has caught up", async () => {
    const { clock, cluster, join } = setUp();
    join("a");
    await clock.advance(3_000);
    const b = join("b");
    await clock.advance(1_000);
    b.api.isCut = true;
    await clock.advance(30_000);
    expect(b.told).toEqual(["vouches", "suspended"]);
    b.api.isCut = false;
    await clock.advance(40_000);
    expect([b.told, b.hurried()]).toEqual([["vouches", "suspended"], expect.any(Number)]);
    expect(b.hurried()).toBeGreaterThan(1);
    readAll(b.position, cluster.revision);
    await clock.advance(1_000);
    expect(b.told).toEqual(["vouches", "suspended", "vouches"]);
  });

  test("whose timers were late does not vouch once it is asked", async () => {
    const { clock, join } = setUp();
    const a = join("a");
    await clock.advance(10);
    const now = clock.now.bind(clock);
    clock.now = () => now() + 31_000;
    expect(a.membership.vouching.isVouching).toBe(false);
  });

  test("that stops in order leaves nothing behind, and is gone at once", async () => {
    const { clock, join, leases } = setUp();
    const a = join("a");
    await clock.advance(10);
    const b = join("b");
    await clock.advance(10);
    await b.membership.release();
    await b.membership.vouching.leave();
    await clock.advance(10);
    expect(leases()).toEqual(["sidegate-operator", "sidegate-replica-a"]);
    expect(a.membership.replicas.live()).toEqual(["a"]);
  });
});

describe("the leader", () => {
  test("counts a replica out once 30 s passed that it saw to the end", async () => {
    const { clock, join } = setUp();
    const a = join("a");
    await clock.advance(3_000);
    const b = join("b");
    await clock.advance(1_000);
    b.api.isCut = true;
    await clock.advance(28_000);
    expect(a.membership.replicas.live()).toEqual(["a", "b"]);
    await clock.advance(4_000);
    expect(a.membership.replicas.live()).toEqual(["a"]);
  });

  test("takes nobody for dead while its own view is old", async () => {
    const { clock, join } = setUp();
    const a = join("a");
    await clock.advance(3_000);
    join("b");
    await clock.advance(1_000);
    a.api.isDeaf = true;
    await clock.advance(120_000);
    expect(a.membership.replicas.live()).toEqual(["a", "b"]);
  });

  test("clears the Lease of a dead replica, and its report an hour later", async () => {
    const { clock, cluster, join, leases } = setUp();
    const a = join("a");
    await clock.advance(3_000);
    const b = join("b");
    await clock.advance(1_000);
    for (const name of ["a", "b", "old"])
      await cluster.client().create(deliveryReportResource, namespace, { metadata: { name, namespace } });
    const duty = a.membership.createDuty(a.api);
    duty.start();
    b.api.isCut = true;
    await clock.advance(60_000);
    expect(leases()).toEqual(["sidegate-operator", "sidegate-replica-a"]);
    const reports = () =>
      [...cluster.objects.keys()].filter((key) => key.startsWith("DeliveryReport")).length;
    expect(reports()).toBe(3);
    await clock.advance(3_600_000);
    expect(reports()).toBe(1);
    await duty.drain();
  });

  test("keeps the report of a dead replica for as long as one of its sidecars may decide", async () => {
    const { clock, cluster, join } = setUp();
    const a = join("a");
    await clock.advance(3_000);
    const api = cluster.client();
    const published = { revision: "r1", epoch: 0, position: {} };
    const of = (staleSeconds: number) => ({
      ...{ published, staleSeconds, groups: [], departed: [], laggards: [] },
    });
    const domains = new Map([
      ["shop", of(10_000)],
      ["billing", of(300)],
    ]);
    const report = reportObject(namespace, { replica: "dead", position: {}, domains });
    await api.create(deliveryReportResource, namespace, report);
    const duty = a.membership.createDuty(a.api);
    duty.start();
    const isThere = () => cluster.objects.has(`DeliveryReport/${namespace}/dead`);
    await clock.advance(10_000_000);
    expect(isThere()).toBe(true);
    await clock.advance(61_000);
    expect(isThere()).toBe(false);
    await duty.drain();
  });
});
