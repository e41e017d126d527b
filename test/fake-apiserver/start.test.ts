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

  test("refuses who does not have its token", async () => {
    const guarded = await startFakeApiServer({ token: "secret" });
    const ask = (headers: Record<string, string>) => fetch(`${guarded.url}/version`, { headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: "Bearer other" })).status).toBe(401);
    expect((await ask({ authorization: "Bearer secret" })).status).toBe(200);
    await guarded.stop();
  });

  test("checks what a test puts as it checks what a client sends", () => {
    const { spec: _, ...broken } = workspace("broken");
    expect(() => server.objects.put(broken)).toThrow(/spec/);
    expect(() => server.objects.put({ ...workspace("w"), extra: 1 })).toThrow(/unknown field "extra"/);
  });

  test("takes a status along with the object, and replaces what is there", () => {
    server.objects.put(workspace("one"));
    const status = { observedGeneration: 1 };
    const put = server.objects.put({
      ...workspace("one"),
      spec: { organization: "acme", displayName: "One" },
      status,
    });
    expect(put).toMatchObject({ metadata: { generation: 2 }, status });
    expect(server.objects.get({ kind: "Workspace", namespace: "shop", name: "one" })).toEqual(put);
    expect(server.objects.list("Workspace", "shop")).toEqual([put]);
    expect(server.objects.list("Workspace", "elsewhere")).toEqual([]);
    server.objects.delete({ kind: "Workspace", namespace: "shop", name: "one" });
    expect(server.objects.list("Workspace")).toEqual([]);
  });

  test("hands out copies, so that a test can not change what is stored", () => {
    const put = server.objects.put(workspace("one"));
    put.metadata.name = "changed";
    expect(server.objects.list("Workspace").map(({ metadata }) => metadata.name)).toEqual(["one"]);
  });
});
