import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryCluster } from "../../test/support/memory-api.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import { KubeError } from "../kube/kube-error.ts";
import { ApiEventRecorder } from "./api-event-recorder.ts";
import { COMBINED } from "./occurrences.ts";

function setUp() {
  const clock = new ManualClock();
  const cluster = new MemoryCluster();
  const api = cluster.client();
  const { logger, lines } = recordingLogger();
  const recorder = new ApiEventRecorder({ api, instance: "pod-a", clock, logger });
  const events = () => [...cluster.objects.values()] as unknown as Record<string, unknown>[];
  const say = (message: string, name = "viewer") =>
    recorder.record(
      { apiVersion: "sidegate.dev/v1alpha1", kind: "AccessRoleBinding", namespace: "shop", name, uid: "u" },
      { type: "Warning", reason: "GrantsVoid", message, action: "Judge" },
    );
  return { clock, cluster, api, recorder, lines, events, say };
}

test("an event stands in the namespace of the object that it is about", async () => {
  const { clock, cluster, events, say } = setUp();
  say("1 grant is void");
  await clock.advance(0);
  expect(cluster.requests).toEqual([expect.stringMatching(/^create Event\/viewer\./)]);
  expect(events()[0]).toMatchObject({
    apiVersion: "events.k8s.io/v1",
    metadata: { namespace: "shop" },
    eventTime: "2026-01-01T00:00:00.000000Z",
    reportingController: "sidegate.dev/operator",
    reportingInstance: "pod-a",
    type: "Warning",
    reason: "GrantsVoid",
    action: "Judge",
    note: "1 grant is void",
    regarding: { kind: "AccessRoleBinding", namespace: "shop", name: "viewer", uid: "u" },
  });
});

test("the same again is counted in a series, and is a new event after 6 min without", async () => {
  const { clock, events, say } = setUp();
  for (let i = 0; i < 3; i++) {
    say("x");
    await clock.advance(1000);
  }
  expect(events()).toHaveLength(1);
  expect(events()[0]?.series).toEqual({ count: 3, lastObservedTime: "2026-01-01T00:00:02.000000Z" });
  await clock.advance(360_000);
  say("x");
  await clock.advance(0);
  expect(events()).toHaveLength(2);
});

test("after ten that differ in their message only, the rest is one", async () => {
  const { clock, events, say } = setUp();
  for (let i = 0; i < 15; i++) say(`message ${i}`);
  await clock.advance(0);
  expect(events()).toHaveLength(11);
  expect(events().at(-1)).toMatchObject({ note: `${COMBINED}message 10`, series: { count: 5 } });
});

test("of one object come 25 writes at once, then one in 5 min; others are not held up by it", async () => {
  const { clock, cluster, say } = setUp();
  for (let i = 0; i < 200; i++) {
    say("x");
    await clock.advance(0);
  }
  expect(cluster.requests).toHaveLength(25);
  say("x", "other");
  await clock.advance(300_000);
  expect(cluster.requests).toHaveLength(26);
  say("x");
  await clock.advance(0);
  expect(cluster.requests).toHaveLength(27);
});

test("while the API server is away they wait, in order, and come when it is back", async () => {
  const { clock, api, events, say } = setUp();
  api.isCut = true;
  say("x", "a");
  say("x", "b");
  await clock.advance(60_000);
  expect(events()).toEqual([]);
  api.isCut = false;
  await clock.advance(10_000);
  expect(events().map(({ regarding }) => (regarding as { name: string }).name)).toEqual(["a", "b"]);
});

test("too many that wait are dropped, with one line in the log, and nothing is thrown", async () => {
  const { clock, api, lines, say } = setUp();
  api.isCut = true;
  for (let i = 0; i < 1_500; i++) say("x", `object-${i}`);
  await clock.advance(0);
  expect(lines.filter(({ msg }) => String(msg).startsWith("Events are dropped"))).toHaveLength(1);
});

test("one that the API server refuses is dropped at once", async () => {
  const { clock, api, lines, events, say } = setUp();
  const create = api.create.bind(api);
  api.create = async () => {
    throw new KubeError(403, "Forbidden", "the namespace is being terminated");
  };
  say("x", "a");
  await clock.advance(0);
  api.create = create;
  say("x", "b");
  await clock.advance(0);
  expect(lines.map(({ msg }) => msg)).toEqual(["An event could not be recorded"]);
  expect(events()).toHaveLength(1);
});

test("nothing is recorded after the end", async () => {
  const { clock, recorder, events, say } = setUp();
  await recorder.stop();
  say("x");
  await clock.advance(0);
  expect(events()).toEqual([]);
});
