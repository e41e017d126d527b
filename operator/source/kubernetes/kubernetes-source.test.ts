import { expect, test } from "vitest";
import { kinds } from "../../../engine/model/objects.generated.ts";
import { ManualClock, settle } from "../../../test/support/manual-clock.ts";
import { recordingLogger } from "../../../test/support/silent-logger.ts";
import type { KubeApi, KubeObject, ListPage, Resource, WatchEvent } from "../../kube/kube-api.ts";
import { KubeError } from "../../kube/kube-error.ts";
import { createKubernetesSource } from "./kubernetes-source.ts";

async function setUp(listOf: (resource: Resource) => ListPage | Error, namespace?: string) {
  const clock = new ManualClock();
  const { logger, lines } = recordingLogger();
  const told: string[] = [];
  const asked: (string | undefined)[] = [];
  const watches = new Map<string, (event: WatchEvent) => void>();
  const api = {
    async list(resource: Resource, options: { namespace?: string }) {
      asked.push(options.namespace);
      const answer = listOf(resource);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    watch: ({ kind }: Resource, { signal }: { signal: AbortSignal }, onEvent: (event: WatchEvent) => void) =>
      new Promise((_resolve, reject) => {
        watches.set(kind, onEvent);
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  };
  const source = createKubernetesSource({
    api: api as unknown as KubeApi,
    namespace,
    clock,
    random: () => 0,
    logger,
    onUnreadable: (domain, kind, name) => told.push(`unreadable ${domain} ${kind} ${name}`),
    onContact: (isInTouch) => told.push(isInTouch ? "in touch" : "out of touch"),
    onFatal: (error) => told.push(`fatal ${error.code}`),
  });
  await source.start({
    put: (domain, { kind, metadata }) => told.push(`put ${domain} ${kind} ${metadata.name}`),
    remove: (domain, kind, name) => told.push(`remove ${domain} ${kind} ${name}`),
    progress: (kind, resourceVersion) => told.push(`progress ${kind} ${resourceVersion}`),
    synced: () => told.push("synced"),
  });
  await settle();
  return { source, clock, told, asked, watches, lines };
}

const role = (name: string, more: object = {}): KubeObject => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "AccessRole",
  metadata: { name, namespace: "shop", resourceVersion: "5" },
  spec: { assignableAt: ["Platform"] },
  ...more,
});
const empty: ListPage = { items: [], resourceVersion: "9", continueToken: undefined };

test("it is synced once, when every kind has been listed", async () => {
  const { told, watches } = await setUp(({ kind }) =>
    kind === "AccessRole" ? { ...empty, items: [role("a")] } : empty,
  );
  expect(told.filter((line) => line === "synced")).toHaveLength(1);
  expect(told.at(-1)).toBe("synced");
  expect(told).toContain("put shop AccessRole a");
  expect([...watches.keys()].sort()).toEqual([...kinds].sort());
});

test("it is not synced while one kind can not be listed, and says what to do", async () => {
  let isServed = false;
  const { told, clock, lines } = await setUp(({ kind }) =>
    kind === "TokenPolicy" && !isServed ? new KubeError(404, "NotFound", "no such resource") : empty,
  );
  expect(told).not.toContain("synced");
  expect(told.filter((line) => line.endsWith("touch"))).toEqual(["out of touch"]);
  expect(lines.at(-1)).toMatchObject({ kind: "TokenPolicy", code: "SG4002", next: "listing" });
  isServed = true;
  await clock.advance(800);
  expect(told).toContain("synced");
  expect(told.filter((line) => line.endsWith("touch"))).toEqual(["out of touch", "in touch"]);
});

test("an object without a spec or of another version is told apart", async () => {
  const items = [role("old", { apiVersion: "sidegate.dev/v1" }), role("hollow", { spec: undefined })];
  const { told } = await setUp(({ kind }) => (kind === "AccessRole" ? { ...empty, items } : empty));
  expect(told.filter((line) => /put|unreadable/.test(line))).toEqual([
    "unreadable shop AccessRole old",
    "unreadable shop AccessRole hollow",
  ]);
});

test("it reads one namespace where it is told to", async () => {
  const { asked } = await setUp(() => empty, "shop");
  expect([...new Set(asked)]).toEqual(["shop"]);
});

test("it passes on that it can not go on", async () => {
  const { told } = await setUp(() => ({ ...empty, resourceVersion: "abc" }));
  expect(told).toContain("fatal SG4001");
});

test("nothing comes after it was stopped", async () => {
  const { source, told, watches } = await setUp(() => empty);
  await source.stop();
  told.length = 0;
  watches.get("AccessRole")?.({ type: "ADDED", object: role("late") });
  expect(told).toEqual([]);
});
