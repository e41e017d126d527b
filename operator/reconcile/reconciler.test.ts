import { expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { allEffective } from "../../test/support/all-effective.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { noReports } from "../../test/support/no-reports.ts";
import { anObject, going, worldOf } from "../../test/support/objects.ts";
import { RecordingApi } from "../../test/support/recording-api.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import { KubeError } from "../kube/kube-error.ts";
import { Reconciler } from "./reconciler.ts";

function setUp(objects: SidegateObject[], backgroundWritesPerSecond = 200) {
  const clock = new ManualClock();
  const api = new RecordingApi();
  const world = worldOf(...objects);
  const { logger, lines } = recordingLogger();
  const state = { waiting: [] as (() => void)[] };
  const reconciler = new Reconciler({
    api,
    clock,
    logger,
    backgroundWritesPerSecond,
    diagnose: () => ({ accepted: true, reason: "Accepted", message: "" }),
    constraints: noReports,
    guard: { holdOf: () => undefined },
    keys: { stateOf: () => undefined },
    domains: {
      names: () => ["shop"],
      worldOf: (domain) => (domain === "shop" ? world : undefined),
    },
    effective: { ...allEffective, whenEffective: (_domain, then) => void state.waiting.push(then) },
    revisionOf: () => undefined,
  });
  const put = (object: SidegateObject, isContent = true) => {
    const { kind, metadata } = object;
    const before = world.get(kind, metadata.name);
    world.put(object);
    reconciler.changed({ domain: "shop", kind, name: metadata.name, before, after: object, isContent });
  };
  const verbs = () => api.writes.map(({ verb, kind, name }) => `${verb} ${kind} ${name}`);
  return { clock, api, world, state, reconciler, put, verbs, lines };
}

const group = (name: string, metadata: object = {}, members: string[] = []) =>
  anObject(
    "AccessGroup",
    name,
    { members: members.map((m) => ({ kind: "AccessGroup", name: m })) },
    { finalizers: ["sidegate.dev/revocation"], ...metadata },
  );

test("after a start every object is looked at", async () => {
  const { reconciler, clock, verbs } = setUp([group("a"), anObject("Organization", "acme", {})]);
  reconciler.addAll();
  await clock.advance(0);
  expect(verbs().sort()).toEqual([
    "apply AccessGroup a",
    "apply Organization acme",
    "patch Organization acme",
  ]);
});

test("an object is not written again before the operator has seen its own last write", async () => {
  const { put, clock, verbs } = setUp([]);
  put(group("a", { resourceVersion: "8" }));
  await clock.advance(0);
  put(group("a", { resourceVersion: "9" }), false);
  await clock.advance(0);
  expect(verbs()).toEqual(["apply AccessGroup a"]);
  put(group("a", { resourceVersion: "1001" }), false);
  await clock.advance(1_000);
  expect(verbs()).toHaveLength(2);
});

test("when its own write never comes back, it goes on after a minute", async () => {
  const { put, clock, verbs } = setUp([]);
  put(group("a", { resourceVersion: "8" }));
  await clock.advance(60_000);
  put(group("a", { resourceVersion: "9" }), false);
  await clock.advance(0);
  expect(verbs()).toHaveLength(2);
});

test("background writes are paced, and what a person changes goes first", async () => {
  const objects = Array.from({ length: 50 }, (_, i) => group(`g-${i}`));
  const { reconciler, clock, put, verbs } = setUp(objects, 10);
  reconciler.addAll();
  await clock.advance(0);
  expect(verbs()).toHaveLength(10);
  put(group("urgent"));
  await clock.advance(0);
  expect(verbs().at(-1)).toBe("apply AccessGroup urgent");
  await clock.advance(1000);
  expect(verbs()).toHaveLength(21);
  await clock.advance(3000);
  expect(verbs()).toHaveLength(51);
});

test("what depends on a change is looked at, soon if it is little", async () => {
  const { put, clock, verbs } = setUp([group("outer", {}, ["inner"])]);
  put(group("inner"));
  await clock.advance(0);
  expect(verbs()).toEqual(["apply AccessGroup inner", "apply AccessGroup outer"]);
});

test("one handler's failure does not keep the others from their work", async () => {
  const { api, put, clock, verbs } = setUp([]);
  api.failures.set("patch Organization/acme", [new KubeError(409, "Conflict", "changed")]);
  put(anObject("Organization", "acme", {}));
  await clock.advance(0);
  expect(verbs()).toEqual(["apply Organization acme"]);
  put(anObject("Organization", "acme", {}, { resourceVersion: "2000" }), false);
  await clock.advance(5);
  expect(verbs()).toContain("patch Organization acme");
});

test("a leaving member is let go once all that was read is effective", async () => {
  const subject = { kind: "User", name: "zoe" };
  const metadata = { ...going, finalizers: ["sidegate.dev/leaving"] };
  const { api, state, put, clock, verbs } = setUp([]);
  api.hold({ kind: "Namespace", metadata: { name: "shop" } });
  put(
    anObject(
      "Membership",
      "zoe",
      { organization: "acme", subject },
      { ...metadata, resourceVersion: "3000" },
    ),
  );
  await clock.advance(0);
  expect(verbs()).not.toContain("patch Membership zoe");
  expect(state.waiting).toHaveLength(1);
  put(
    anObject(
      "Membership",
      "zoe",
      { organization: "acme", subject },
      { ...metadata, resourceVersion: "4000" },
    ),
    false,
  );
  await clock.advance(0);
  expect(state.waiting).toHaveLength(1);
  state.waiting[0]?.();
  await clock.advance(0);
  expect(verbs()).toContain("patch Membership zoe");
});

test("draining ends waits of the background, without the writes that waited", async () => {
  const objects = Array.from({ length: 50 }, (_, i) => group(`g-${i}`));
  const { reconciler, clock, verbs } = setUp(objects, 1);
  reconciler.addAll();
  await clock.advance(0);
  await reconciler.drain();
  expect(clock.waiting).toBe(0);
  expect(verbs()).toHaveLength(1);
});

test("a status that the API server does not know is tried again after minutes, and told of once", async () => {
  const { reconciler, clock, api, put, verbs, lines } = setUp([group("a")]);
  const refusal = new KubeError(500, "HTTP500", ".status.news: field not declared in schema");
  const left = Array.from({ length: 100 }, () => refusal);
  api.failures.set("apply AccessGroup/a", left);
  reconciler.addAll();
  await clock.advance(600_000);
  expect(100 - left.length).toBe(10);
  expect(lines.filter(({ level }) => level >= 40)).toMatchObject([{ msg: "Reconciling failed" }]);

  // Whoever changes the object does not wait for that, and once the CRDs are as new nobody does.
  put(group("a", { generation: 2 }, ["b"]));
  await clock.advance(1_000);
  expect(100 - left.length).toBe(11);
  left.splice(0);
  await clock.advance(300_000);
  expect(verbs()).toEqual(["apply AccessGroup a"]);
});
