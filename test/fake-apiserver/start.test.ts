import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "./start.ts";

const workspaces = "/apis/sidegate.dev/v1alpha1/namespaces/shop/workspaces";
const workspace = (name: string) => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "Workspace",
  metadata: { name, namespace: "shop" },
  spec: { organization: "acme" },
});

let server: FakeApiServer;
beforeEach(async () => {
  server = await startFakeApiServer();
});
afterEach(() => server.stop());

/** The events of a watch, one by one. */
async function* events(path: string, signal: AbortSignal) {
  const response = await fetch(server.url + path, { signal });
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString("utf8");
    const lines = text.split("\n");
    text = lines.pop() as string;
    for (const line of lines) yield JSON.parse(line);
  }
}

describe("the fake API server", () => {
  test("shows objects that a test puts to clients that list and watch", async () => {
    server.objects.put(workspace("one"));
    const list = (await (await fetch(server.url + workspaces)).json()) as {
      metadata: { resourceVersion: string };
    };
    expect(list).toMatchObject({
      kind: "WorkspaceList",
      items: [{ metadata: { name: "one", generation: 1 } }],
    });
    const stop = new AbortController();
    const seen = events(
      `${workspaces}?watch=true&resourceVersion=${list.metadata.resourceVersion}`,
      stop.signal,
    );
    server.objects.put(workspace("two"));
    expect((await seen.next()).value).toMatchObject({ type: "ADDED", object: { metadata: { name: "two" } } });
    server.objects.delete({ kind: "Workspace", namespace: "shop", name: "one" });
    expect((await seen.next()).value).toMatchObject({
      type: "DELETED",
      object: { metadata: { name: "one" } },
    });
    stop.abort();
  });

  test("answers the next requests with a planned failure and its Retry-After", async () => {
    server.faults.requests.failNext(
      1,
      { code: 429, retryAfterSeconds: 3 },
      (request) => request.path === workspaces,
    );
    const busy = await fetch(server.url + workspaces);
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([429, "3"]);
    expect((await fetch(server.url + workspaces)).status).toBe(200);
  });

  test("keeps its objects and its port over a pause", async () => {
    server.objects.put(workspace("one"));
    await server.faults.pause();
    await expect(fetch(server.url + workspaces)).rejects.toThrow();
    await server.faults.resume();
    expect((await fetch(`${server.url}${workspaces}/one`)).status).toBe(200);
  });

  test("ends watches from before a compaction with 410", async () => {
    const old = server.resourceVersion();
    server.objects.put(workspace("one"));
    server.faults.compact();
    const seen = events(`${workspaces}?watch=true&resourceVersion=${old}`, new AbortController().signal);
    expect((await seen.next()).value).toMatchObject({
      type: "ERROR",
      object: { code: 410, reason: "Expired" },
    });
    expect((await seen.next()).done).toBe(true);
  });
});
