import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ContractApi } from "../contract/contract-api.ts";
import type { WatchStream } from "../contract/watch-stream.ts";
import { type FakeApiServer, startFakeApiServer } from "./start.ts";

const path = "/apis/sidegate.dev/v1alpha1/namespaces/default/workspaces";
const workspace = (name: string) => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "Workspace",
  metadata: { name },
  spec: { organization: "acme" },
});

let server: FakeApiServer;
let api: ContractApi;
let streams: WatchStream[];
beforeEach(async () => {
  streams = [];
  server = await startFakeApiServer();
  api = await ContractApi.connect(server.kubeconfig());
});
afterEach(async () => {
  for (const stream of streams) stream.close();
  await api.close();
  await server.stop();
});

async function watch(query = "", since = server.resourceVersion()): Promise<WatchStream> {
  const stream = await api.watch(`${path}?watch=true&resourceVersion=${since}&${query}`);
  streams.push(stream);
  return stream;
}

describe("watches", () => {
  test("that are silent miss what happens and stay open; new ones work after a restoration", async () => {
    const silent = await watch("timeoutSeconds=1");
    const { watches } = server.faults;
    watches.silence();
    const silentToo = await watch("timeoutSeconds=1");
    server.objects.put(workspace("one"));
    watches.restore();
    const heard = await watch("timeoutSeconds=2");
    server.objects.put(workspace("two"));
    expect((await heard.rest()).map(({ type }) => type)).toEqual(["ADDED"]);
    // The one that works has ended by now, the silent ones with shorter limits have not.
    expect(watches.count).toBe(2);
    const outcomes = [silent, silentToo].map((stream) => stream.next().catch(() => "cut"));
    server.faults.cut();
    expect(await Promise.all(outcomes)).toEqual(["cut", "cut"]);
  });

  test("expire with an error event", async () => {
    const stream = await watch();
    server.faults.watches.expire();
    expect(await stream.rest()).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
    expect(server.faults.watches.count).toBe(0);
  });

  test("expire as soon as they are opened, as often as planned", async () => {
    server.faults.watches.expireNext(2);
    for (const stream of [await watch(), await watch()]) {
      expect(await stream.rest()).toMatchObject([{ type: "ERROR", object: { code: 410 } }]);
    }
    const stream = await watch();
    server.objects.put(workspace("one"));
    expect(await stream.take(1)).toMatchObject([{ type: "ADDED" }]);
  });

  test("expire when the history was forgotten while none was open", async () => {
    const before = server.resourceVersion();
    server.objects.put(workspace("one"));
    server.faults.compact();
    expect(await (await watch("", before)).rest()).toMatchObject([{ type: "ERROR", object: { code: 410 } }]);
    expect((await api.send("GET", path)).status).toBe(200);
  });

  test("end in good order when told so", async () => {
    const stream = await watch();
    server.faults.watches.end();
    expect(await stream.rest()).toEqual([]);
  });

  test("can be narrowed down by what they are for", async () => {
    const [mine, other] = [await watch(), await watch("labelSelector=a")];
    server.faults.watches.end(({ request }) => request.query.has("labelSelector"));
    expect(await other.rest()).toEqual([]);
    server.objects.put(workspace("one"));
    expect(await mine.take(1)).toMatchObject([{ type: "ADDED" }]);
  });

  test("get a bookmark at once, if they asked for bookmarks", async () => {
    const [asked, other] = [await watch("allowWatchBookmarks=true"), await watch()];
    server.faults.watches.bookmark();
    const resourceVersion = server.resourceVersion();
    expect(await asked.take(1)).toMatchObject([
      { type: "BOOKMARK", object: { metadata: { resourceVersion } } },
    ]);
    server.faults.watches.end();
    expect(await other.rest()).toEqual([]);
  });

  test("get no bookmarks by time when these are off", async () => {
    server.faults.watches.setBookmarks(false);
    const stream = await watch("allowWatchBookmarks=true&timeoutSeconds=1");
    expect(await stream.rest()).toEqual([]);
  });

  test("carry garbage when told so", async () => {
    const stream = await watch();
    server.faults.watches.garble("no event\n");
    await expect(stream.next()).rejects.toThrow(SyntaxError);
  });
});

describe("a pause", () => {
  test("cuts watches and keeps objects, history and port", async () => {
    const before = server.resourceVersion();
    const stream = await watch();
    const outcome = stream.next().catch(() => "cut");
    await server.faults.pause();
    expect(await outcome).toBe("cut");
    await expect(api.send("GET", path)).rejects.toThrow();
    server.objects.put(workspace("one"));
    await server.faults.resume();
    expect(await (await watch("", before)).take(1)).toMatchObject([{ type: "ADDED" }]);
  });
});
