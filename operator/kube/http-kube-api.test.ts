import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSystemClock } from "../../host/clock.ts";
import { type FakeApiServer, startFakeApiServer } from "../../test/fake-apiserver/start.ts";
import { sidegateResources } from "../source/kubernetes/sidegate-resources.ts";
import { type Credentials, createCredentials } from "./credentials.ts";
import { createHttpKubeApi } from "./http-kube-api.ts";
import type { KubeApi, WatchEvent } from "./kube-api.ts";
import { isAlreadyExists, isConflict, isExpired, isNotFound, KubeError } from "./kube-error.ts";

const { Workspace } = sidegateResources;
const workspace = (name: string) => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "Workspace",
  metadata: { name, namespace: "shop" },
  spec: { organization: "acme" },
});
const signal = new AbortController().signal;

let server: FakeApiServer;
let credentials: Credentials;
let api: KubeApi;

function connect(kubeconfig: string, options: { deadlineMs?: number; maxEventBytes?: number } = {}) {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const clock = createSystemClock();
  credentials = createCredentials(config, clock);
  return createHttpKubeApi({ credentials, clock, ...options });
}

beforeEach(async () => {
  server = await startFakeApiServer({ token: "secret" });
  server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  api = connect(server.kubeconfig());
});
afterEach(async () => {
  await credentials.close();
  await server.stop();
});

/** What a promise is rejected with. */
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error("was not rejected"),
    (error: unknown) => error,
  );

describe("objects", () => {
  test("are created, read, patched and deleted", async () => {
    const made = await api.create(Workspace, "shop", workspace("one"));
    expect(await api.get(Workspace, "shop", "one")).toEqual(made);
    const patch = {
      metadata: { resourceVersion: made.metadata.resourceVersion, finalizers: ["sidegate.dev/in-use"] },
    };
    const patched = await api.mergePatch(Workspace, "shop", "one", patch);
    expect(patched.metadata.finalizers).toEqual(["sidegate.dev/in-use"]);
    await api.mergePatch(Workspace, "shop", "one", { metadata: { finalizers: [] } });
    await api.delete(Workspace, "shop", "one", { uid: made.metadata.uid });
    expect(isNotFound(await failureOf(api.get(Workspace, "shop", "one")))).toBe(true);
  });

  test("that exist already, changed meanwhile or were replaced are told apart", async () => {
    await api.create(Workspace, "shop", workspace("one"));
    expect(isAlreadyExists(await failureOf(api.create(Workspace, "shop", workspace("one"))))).toBe(true);
    const stale = { metadata: { resourceVersion: "1" } };
    expect(isConflict(await failureOf(api.mergePatch(Workspace, "shop", "one", stale)))).toBe(true);
    expect(isConflict(await failureOf(api.delete(Workspace, "shop", "one", { uid: "other" })))).toBe(true);
  });

  test("get a status by server-side apply, which leaves the spec alone", async () => {
    await api.create(Workspace, "shop", workspace("one"));
    const status = { conditions: [], observedGeneration: 1 };
    const applied = await api.apply(
      Workspace,
      {
        apiVersion: "sidegate.dev/v1alpha1",
        kind: "Workspace",
        metadata: { name: "one", namespace: "shop" },
        status,
      },
      { fieldManager: "sidegate-operator", subresource: "status" },
    );
    expect(applied).toMatchObject({ spec: { organization: "acme" }, status: { observedGeneration: 1 } });
  });
});

describe("lists", () => {
  test("come in pages of one resourceVersion", async () => {
    for (const name of ["a", "b", "c"]) server.objects.put(workspace(name));
    const first = await api.list(Workspace, { limit: 2, signal });
    server.objects.put(workspace("d"));
    const { continueToken, resourceVersion } = first;
    const second = await api.list(Workspace, { limit: 2, continueToken, signal });
    expect([first, second].flatMap((page) => page.items.map((item) => item.metadata.name))).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect([second.resourceVersion, second.continueToken]).toEqual([resourceVersion, undefined]);
  });

  test("can be limited to a namespace", async () => {
    server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "mill" } });
    server.objects.put(workspace("a"));
    const page = await api.list(Workspace, { namespace: "mill", limit: 10, signal });
    expect(page.items).toEqual([]);
  });
});

describe("watches", () => {
  test("bring changes until the server ends them", async () => {
    const events: WatchEvent[] = [];
    const resourceVersion = server.resourceVersion();
    const over = api.watch(Workspace, { resourceVersion, timeoutSeconds: 300, signal }, (event) =>
      events.push(event),
    );
    server.objects.put(workspace("a"));
    server.objects.delete({ kind: "Workspace", namespace: "shop", name: "a" });
    await expect.poll(() => events.map(({ type }) => type)).toEqual(["ADDED", "DELETED"]);
    server.faults.watches.end();
    await over;
  });

  test("from too long ago are refused as expired", async () => {
    const resourceVersion = server.resourceVersion();
    server.objects.put(workspace("a"));
    server.faults.compact();
    const watch = api.watch(Workspace, { resourceVersion, timeoutSeconds: 300, signal }, () => {});
    expect(isExpired(await failureOf(watch))).toBe(true);
  });

  test("end when their caller wants it", async () => {
    const stop = new AbortController();
    const options = { resourceVersion: server.resourceVersion(), timeoutSeconds: 300, signal: stop.signal };
    const over = failureOf(api.watch(Workspace, options, () => {}));
    setImmediate(() => stop.abort());
    expect(await over).toBeInstanceOf(KubeError);
  });
});

describe("trouble", () => {
  test("a server that throttles says for how long", async () => {
    server.faults.requests.failNext(1, { code: 429, retryAfterSeconds: 7 });
    const error = await failureOf(api.list(Workspace, { limit: 1, signal }));
    expect(error).toMatchObject({ status: 429, reason: "TooManyRequests", retryAfterMs: 7000 });
  });

  test("a server that does not answer is given up at the deadline", async () => {
    api = connect(server.kubeconfig(), { deadlineMs: 50 });
    server.faults.requests.delay(600_000);
    const error = await failureOf(api.get(Workspace, "shop", "one"));
    expect(error).toMatchObject({ status: 0, reason: "DeadlineExceeded" });
  });

  test("a server that is gone is unreachable", async () => {
    await server.faults.pause();
    const error = await failureOf(api.get(Workspace, "shop", "one"));
    expect(error).toMatchObject({ status: 0, reason: "Unreachable" });
    await server.faults.resume();
    expect(isNotFound(await failureOf(api.get(Workspace, "shop", "one")))).toBe(true);
  });

  test("a token that is refused is read again before it counts", async () => {
    server.faults.requests.failNext(1, { code: 401 });
    expect(isNotFound(await failureOf(api.get(Workspace, "shop", "one")))).toBe(true);
    server.faults.requests.failNext(2, { code: 401 });
    expect(await failureOf(api.get(Workspace, "shop", "one"))).toMatchObject({ status: 401 });
  });
});
