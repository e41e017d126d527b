import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "./start.ts";

const path = "/apis/sidegate.dev/v1alpha1/namespaces/default/workspaces";

let server: FakeApiServer;
beforeEach(async () => {
  server = await startFakeApiServer();
});
afterEach(() => server.stop());

const get = (query = "") => fetch(`${server.url}${path}${query}`);

describe("requests", () => {
  test("fail as often as planned, with a Status and a Retry-After", async () => {
    server.faults.requests.failNext(2, { code: 429, retryAfterSeconds: 3 });
    for (const answer of [await get(), await get()]) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3"]);
      expect(await answer.json()).toMatchObject({ kind: "Status", reason: "TooManyRequests", code: 429 });
    }
    expect((await get()).status).toBe(200);
  });

  test("fail only if they are meant", async () => {
    server.faults.requests.failNext(1, { code: 410 }, ({ watch }) => watch);
    expect((await get()).status).toBe(200);
    const answer = await get("?watch=true&resourceVersion=1");
    expect([answer.status, await answer.json()]).toMatchObject([410, { reason: "Expired" }]);
  });

  test("fail one plan after the other", async () => {
    server.faults.requests.failNext(1, { code: 500 });
    server.faults.requests.failNext(1, { code: 503, message: "not yet" });
    expect([(await get()).status, (await get()).status, (await get()).status]).toEqual([500, 503, 200]);
  });

  test("wait while they are delayed", async () => {
    const milliseconds = 60_000;
    const mend = server.faults.requests.delay(milliseconds, ({ query }) => query.has("limit"));
    const late = get("?limit=1").then(
      () => "answered",
      () => "cut",
    );
    expect((await get()).status).toBe(200);
    server.faults.cut();
    expect(await late).toBe("cut");
    mend();
    expect((await get("?limit=1")).status).toBe(200);
  });

  test("do what they did before once all plans are cleared", async () => {
    server.faults.requests.failNext(5, { code: 500 });
    server.faults.requests.delay(60_000);
    server.faults.requests.clear();
    expect((await get()).status).toBe(200);
  });
});
