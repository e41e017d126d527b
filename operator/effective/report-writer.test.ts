import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { anObject } from "../../test/support/objects.ts";
import { compiledPolicy } from "../../test/support/policies.ts";
import { RecordingApi } from "../../test/support/recording-api.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { Fleet, type FleetMember } from "../fleet/fleet.ts";
import { OwnReports } from "../fleet/own-reports.ts";
import { KubeError } from "../kube/kube-error.ts";
import { createPolicyBook } from "../policy-book.ts";
import { ReportWriter } from "./report-writer.ts";

const NAME = "patch DeliveryReport/pod-a";

function setUp() {
  const clock = new ManualClock();
  const api = new RecordingApi();
  const fleet = new Fleet();
  const book = createPolicyBook();
  const state = { isReady: true };
  const position: Record<string, string> = {};
  const domains = { names: () => ["shop"], worldOf: () => undefined, isCurrent: () => true, position };
  const guard = { holdOf: () => undefined };
  const own = new OwnReports({ replica: "pod-a", domains, book, fleet, guard, clock });
  const isReady = () => state.isReady;
  const writer = new ReportWriter({
    ...{ api, namespace: "system", own, fleet, book, isReady, clock, logger: silent },
  });
  void writer.start();
  const join = (name: string) => {
    const holding = { domain: "shop", active: undefined, refused: undefined, outstanding: undefined };
    const member: FleetMember = {
      ...{ id: name, sidecar: name, version: "1", peer: "p", connectedAt: 0, seenAt: 0 },
      holdings: new Map([["shop", { ...holding, behind: false, lackingSince: undefined }]]),
    };
    return fleet.join(member);
  };
  let revision = 0;
  const publish = () => book.publish(compiledPolicy({ shards: { platform: String(revision++) } }));
  const change = () => {
    const after = anObject("AccessGroup", "a", { members: [] });
    const what = { domain: "shop", kind: "AccessGroup", name: "a", before: undefined, after } as const;
    position.AccessGroup = String(revision);
    writer.changed({ ...what, isContent: true });
    publish();
  };
  return { clock, api, state, writer, join, publish, change };
}

let set: ReturnType<typeof setUp>;
beforeEach(async () => {
  set = setUp();
  set.publish();
  await set.clock.advance(10);
  expect(set.api.writes).toHaveLength(1);
});

const later = async (ms: number) => set.clock.advance(ms);

test("a new sidecar is announced by a report that names it", async () => {
  let isAnnounced = false;
  set.join("one");
  void set.writer.announce().then(() => {
    isAnnounced = true;
  });
  set.api.failures.set(NAME, [new KubeError(503, "Unavailable", "away")]);
  await later(10);
  expect(isAnnounced).toBe(false);
  await later(1_000);
  expect(isAnnounced).toBe(true);
  expect(set.api.writes.at(-1)?.body).toMatchObject({ sidecars: 1, domains: [{ groups: [{ count: 1 }] }] });
});

test("five changes are written at once, then one a second", async () => {
  await later(60_000);
  const before = set.api.writes.length;
  for (let count = 0; count < 100; count++) {
    set.change();
    await later(100);
  }
  const written = set.api.writes.length - before;
  expect(written).toBeGreaterThanOrEqual(10);
  expect(written).toBeLessThanOrEqual(16);
});

test("nothing is written while nothing happens, nor for positions that move by themselves", async () => {
  await later(60_000);
  const before = set.api.writes.length;
  await later(3_600_000);
  expect(set.api.writes).toHaveLength(before);
});

test("nothing is written before the replica is ready, and then what there is to say", async () => {
  set.state.isReady = false;
  set.join("one");
  await later(1_000);
  expect(set.api.writes).toHaveLength(1);
  set.state.isReady = true;
  await later(250);
  expect(set.api.writes).toHaveLength(2);
});

test("when it stops it says whom it has lost; without anybody it takes the report away", async () => {
  const leave = set.join("one");
  await later(10);
  leave("lost");
  await set.writer.unserved();
  expect(set.api.writes.at(-1)?.body).toMatchObject({ sidecars: 0, domains: [{ groups: [{ count: 0 }] }] });
  const empty = setUp();
  await empty.writer.unserved();
  expect(empty.api.writes).toMatchObject([{ verb: "delete", kind: "DeliveryReport", name: "pod-a" }]);
});

test("a process that was killed is taken over from", async () => {
  const next = setUp();
  next.api.hold({
    ...{ kind: "DeliveryReport", metadata: { name: "pod-a" }, position: {} },
    domains: [
      {
        ...{ domain: "shop", staleSeconds: 300, published: { revision: "", epoch: 0, position: {} } },
        groups: [{ count: 1, connected: Buffer.alloc(8, 1).toString("base64") }],
      },
    ],
  } as never);
  next.publish();
  await next.clock.advance(10);
  expect(next.api.writes.at(-1)?.body).toMatchObject({
    domains: [{ groups: [{ count: 0, lost: Buffer.alloc(8, 1).toString("base64") }] }],
  });
});
