import { beforeEach, expect, test } from "vitest";
import type { Verdict } from "../../engine/diagnose/diagnose.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { allEffective } from "../../test/support/all-effective.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { anObject, going, worldOf } from "../../test/support/objects.ts";
import { RecordingApi } from "../../test/support/recording-api.ts";
import type { Progress } from "../effective/effective.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { Lane } from "../kube/work-queue.ts";
import { ensureStatus } from "./ensure-status.ts";

const yes: Verdict = { accepted: true, reason: "Accepted", message: "Part of the policy" };
const no: Verdict = { accepted: false, reason: "ReferenceNotFound", message: "AccessRole x does not exist" };
const now = Date.UTC(2026, 4, 1, 12, 30, 15, 250);
const clock = { now: () => 0, wallTime: () => now };
const later: (readonly [key: string, ms: number, lane?: Lane | undefined])[] = [];
const effective: Progress = { isEffective: true, hasSidecars: true };
let progress: Progress = effective;

beforeEach(() => {
  progress = effective;
  later.length = 0;
});

function handlerOf(diagnose: () => Verdict, restart: (object: SidegateObject) => void = () => {}) {
  const effective = {
    ...allEffective,
    of: () => progress,
    restart: (_domain: string, object: SidegateObject) => restart(object),
  };
  return ensureStatus({ diagnose, effective, clock, later: (...when) => void later.push(when) });
}

async function run(
  object: SidegateObject,
  verdict: Verdict,
  api = new RecordingApi(),
  world = worldOf(object),
) {
  const handler = handlerOf(() => verdict);
  await handler({ domain: "shop", key: "k", object, world, api });
  return api.writes;
}

const condition = (status: "True" | "False", { reason, message }: Verdict, observedGeneration = 1) => ({
  type: "Accepted",
  status,
  reason,
  message,
  observedGeneration,
  lastTransitionTime: "2026-01-01T00:00:00Z",
});
/** What Effective says of an object that is accepted, and of one that is not. */
const effectiveness = (status: "True" | "False", observedGeneration = 1) => ({
  type: "Effective",
  status,
  reason: status === "True" ? "Effective" : "NotAccepted",
  message:
    status === "True"
      ? "Every live sidecar decides by it"
      : "What the condition Accepted names has no effect anywhere",
  observedGeneration,
  lastTransitionTime: "2026-01-01T00:00:00Z",
});
const judged = (status: "True" | "False", verdict: Verdict, generation = 1): SidegateObject => ({
  ...anObject("Organization", "acme", {}, { generation }),
  status: { observedGeneration: 1, conditions: [condition(status, verdict), effectiveness(status)] },
});

test("an object that was never judged gets its condition, in one apply", async () => {
  const writes = await run(anObject("Organization", "acme", {}), no);
  expect(writes).toEqual([
    {
      verb: "apply",
      kind: "Organization",
      name: "acme",
      body: {
        apiVersion: "sidegate.dev/v1alpha1",
        kind: "Organization",
        metadata: { name: "acme", namespace: "shop", uid: "uid-acme" },
        status: {
          observedGeneration: 1,
          conditions: [
            { ...condition("False", no), lastTransitionTime: "2026-05-01T12:30:15Z" },
            { ...effectiveness("False"), lastTransitionTime: "2026-05-01T12:30:15Z" },
          ],
        },
      },
    },
  ]);
});

test("nothing is written while nothing changed", async () => {
  expect(await run(judged("True", yes), yes)).toEqual([]);
});

test.each([
  ["another reason", judged("False", { ...no, reason: "NotAssignable" }), no],
  ["another message", judged("False", { ...no, message: "something else" }), no],
  ["a new generation", judged("False", no, 2), no],
])("%s is written with the time of the last transition", async (_name, object, verdict) => {
  const [write] = await run(object, verdict);
  expect(write?.body).toMatchObject({
    status: {
      conditions: [
        { status: "False", lastTransitionTime: "2026-01-01T00:00:00Z" },
        { type: "Effective", status: "False", lastTransitionTime: "2026-01-01T00:00:00Z" },
      ],
    },
  });
});

test("a transition gets a new time", async () => {
  const [write] = await run(judged("False", no), yes);
  expect(write?.body).toMatchObject({
    status: {
      conditions: [
        { status: "True", lastTransitionTime: "2026-05-01T12:30:15Z" },
        { type: "Effective", status: "True", lastTransitionTime: "2026-05-01T12:30:15Z" },
      ],
    },
  });
});

const roleBinding = (name: string) =>
  anObject("AccessRoleBinding", name, { role: "viewer", subjects: [], scope: { kind: "Platform" } });

test("an object that is being deleted says who keeps it", async () => {
  const role = anObject("AccessRole", "viewer", { assignableAt: ["Platform"] }, going);
  const world = worldOf(role, roleBinding("b"), roleBinding("a"));
  const [write] = await run(role, yes, new RecordingApi(), world);
  expect(write?.body).toMatchObject({
    status: {
      conditions: [
        {
          status: "False",
          reason: "Deleting",
          message:
            "Marked for deletion; its name stays taken while AccessRoleBinding a, AccessRoleBinding b refer to it",
        },
        { type: "Effective", status: "True" },
      ],
    },
  });
});

test("when many keep it, the message does not change with each", async () => {
  const role = anObject("AccessRole", "viewer", { assignableAt: ["Platform"] }, going);
  const messages = [6, 60].map(async (count) => {
    const world = worldOf(role, ...Array.from({ length: count }, (_, i) => roleBinding(`b-${i}`)));
    return (await run(role, yes, new RecordingApi(), world))[0]?.body;
  });
  const [few, many] = await Promise.all(messages);
  expect(few).toEqual(many);
});

test("an object that is gone is not an error; a refusal is", async () => {
  const api = new RecordingApi();
  const refused = new KubeError(403, "Forbidden", "no");
  api.failures.set("apply Organization/acme", [new KubeError(404, "NotFound", "gone"), refused]);
  expect(await run(anObject("Organization", "acme", {}), yes, api)).toEqual([]);
  await expect(run(anObject("Organization", "acme", {}), yes, api)).rejects.toBe(refused);
});

const onItsWay: Progress = {
  isEffective: false,
  forMs: 100,
  awaited: [{ sidecar: "shop/web-1", replica: "r1", isLost: true, until: 20_000, refused: undefined }],
};

test("a change on its way is not written about before it may well have arrived", async () => {
  progress = onItsWay;
  expect(await run(judged("True", yes, 2), yes)).toEqual([]);
  expect(later).toEqual([["k", 400]]);
  progress = { ...onItsWay, forMs: 500 };
  const [write] = await run(judged("True", yes, 2), yes);
  expect(write?.body).toMatchObject({
    status: {
      conditions: [
        { type: "Accepted", status: "True", observedGeneration: 2 },
        {
          ...{ type: "Effective", status: "False", reason: "Propagating", observedGeneration: 2 },
          message: "Waits for sidecar shop/web-1 (lost), at the latest until 2026-05-01T12:30:36Z",
        },
      ],
    },
  });
});

test.each([
  [500, 1_000],
  [3_000, 3_000],
  [200_000, 30_000],
])("whom a change waits for after %i ms is looked at again after %i ms", async (forMs, again) => {
  progress = { ...onItsWay, forMs };
  const object = judged("True", yes, 2);
  await run(object, yes);
  expect(later).toEqual([["k", again, "background"]]);
});

test("whom a change waits for is looked at again also where nothing had to be written", async () => {
  progress = { ...onItsWay, forMs: 600 };
  const object = judged("True", yes, 2);
  const [write] = await run(object, yes);
  later.length = 0;
  const { status } = (write as { body: Pick<SidegateObject, "status"> }).body;
  expect(await run({ ...object, status } as SidegateObject, yes)).toEqual([]);
  expect(later).toEqual([["k", 1_000, "background"]]);
});

test("what was said to be effective stays so while its generation stays", async () => {
  progress = { isEffective: true, hasSidecars: false };
  expect(await run(judged("True", yes), yes)).toEqual([]);
});

test("a status is written at most once a second", async () => {
  const object = anObject("Organization", "acme", {});
  const api = new RecordingApi();
  const handler = handlerOf(() => no);
  const target = { domain: "shop", key: "k", object, world: worldOf(object), api };
  await handler(target);
  await handler(target);
  expect(api.writes).toHaveLength(1);
  expect(later).toEqual([["k", 1_000]]);
});

test("an object that begins to count again begins to propagate again", async () => {
  const restarted: string[] = [];
  const handler = handlerOf(
    () => yes,
    (object) => void restarted.push(object.metadata.name),
  );
  const object = judged("False", no);
  await handler({ domain: "shop", key: "k", object, world: worldOf(object), api: new RecordingApi() });
  expect(restarted).toEqual(["acme"]);
});

test("nothing is written about what is about to go", async () => {
  const metadata = { ...going, finalizers: ["sidegate.dev/revocation"] };
  const group = anObject("AccessGroup", "b", { members: [] }, metadata);
  expect(await run(group, yes)).toEqual([]);
});

test("what the definitions of the cluster lack of a status is left out, and tried again after minutes", async () => {
  const clock = new ManualClock(now);
  const api = new RecordingApi();
  const refuseNext = () =>
    api.failures.set("apply Organization/acme", [
      new KubeError(500, "HTTP500", ".status.news: field not declared in schema"),
    ]);
  const handler = ensureStatus({
    diagnose: () => no,
    report: () => ({ fields: { old: 1, news: 2 }, conditions: [], note: "" }),
    ...{ effective: allEffective, clock, later: (...when) => void later.push(when) },
  });
  const object = anObject("Organization", "acme", {});
  const look = () => handler({ domain: "shop", key: "k", object, world: worldOf(object), api });
  const written = () => api.writes.map(({ body }) => (body as { status: object }).status);

  refuseNext();
  await expect(look()).rejects.toThrow("Organization has no status.news");
  await clock.advance(1_000);
  await look();
  expect(later).toEqual([["k", 300_000, "background"]]);
  expect(written()).toMatchObject([{ old: 1 }]);
  expect(written()[0]).not.toHaveProperty("news");

  await clock.advance(300_000);
  refuseNext();
  await look();
  expect(later.at(-1)).toEqual(["k", 1_000]);
  await clock.advance(300_000);
  await look();
  expect(written()[1]).toMatchObject({ old: 1, news: 2 });
});
