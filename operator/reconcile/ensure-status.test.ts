import { expect, test } from "vitest";
import type { Verdict } from "../../engine/diagnose/diagnose.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { anObject, going, worldOf } from "../../test/support/objects.ts";
import { RecordingApi } from "../../test/support/recording-api.ts";
import { KubeError } from "../kube/kube-error.ts";
import { ensureStatus } from "./ensure-status.ts";

const yes: Verdict = { accepted: true, reason: "Accepted", message: "Part of the policy" };
const no: Verdict = { accepted: false, reason: "ReferenceNotFound", message: "AccessRole x does not exist" };
const now = Date.UTC(2026, 4, 1, 12, 30, 15, 250);

async function run(
  object: SidegateObject,
  verdict: Verdict,
  api = new RecordingApi(),
  world = worldOf(object),
) {
  const handler = ensureStatus({ diagnose: () => verdict, wallTime: () => now });
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
const judged = (status: "True" | "False", verdict: Verdict, generation = 1): SidegateObject => ({
  ...anObject("Organization", "acme", {}, { generation }),
  status: { observedGeneration: 1, conditions: [condition(status, verdict)] },
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
          conditions: [{ ...condition("False", no), lastTransitionTime: "2026-05-01T12:30:15Z" }],
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
    status: { conditions: [{ status: "False", lastTransitionTime: "2026-01-01T00:00:00Z" }] },
  });
});

test("a transition gets a new time", async () => {
  const [write] = await run(judged("False", no), yes);
  expect(write?.body).toMatchObject({
    status: { conditions: [{ status: "True", lastTransitionTime: "2026-05-01T12:30:15Z" }] },
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
