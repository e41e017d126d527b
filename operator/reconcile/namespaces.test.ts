import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { KubeError } from "../kube/kube-error.ts";
import { Namespaces } from "./namespaces.ts";

function setUp(...answers: (object | Error)[]) {
  const clock = new ManualClock();
  let asked = 0;
  const get = async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return { metadata: { name: "shop", ...answer } };
  };
  const namespaces = new Namespaces({ get } as unknown as KubeApi, clock);
  return { clock, namespaces, asked: () => asked };
}

test.each<[string, object | Error, boolean]>([
  ["a namespace that is there", {}, false],
  ["one that is marked for deletion", { deletionTimestamp: "2026-01-01T00:00:00Z" }, true],
  ["one that is gone", new KubeError(404, "NotFound", "gone"), true],
  ["one that may not be looked at", new KubeError(403, "Forbidden", "no"), false],
])("%s", async (_name, answer, expected) => {
  expect(await setUp(answer).namespaces.isTerminating("shop")).toBe(expected);
});

test("the API server is asked once in five seconds, also by many at once", async () => {
  const { namespaces, clock, asked } = setUp({}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  await Promise.all([namespaces.isTerminating("shop"), namespaces.isTerminating("shop")]);
  await clock.advance(4999);
  expect([await namespaces.isTerminating("shop"), asked()]).toEqual([false, 1]);
  await clock.advance(1);
  expect([await namespaces.isTerminating("shop"), asked()]).toEqual([true, 2]);
});

test("a failure is no answer and is not kept", async () => {
  const { namespaces } = setUp(new KubeError(500, "InternalError", "no"), {});
  await expect(namespaces.isTerminating("shop")).rejects.toThrow(KubeError);
  expect(await namespaces.isTerminating("shop")).toBe(false);
});
