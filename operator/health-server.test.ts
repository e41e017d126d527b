import { afterEach, expect, test } from "vitest";
import { ManualClock } from "../test/support/manual-clock.ts";
import { silent } from "../test/support/silent-logger.ts";
import { type HealthServer, startHealthServer } from "./health-server.ts";

let server: HealthServer;
let isReady = false;

async function start() {
  server = await startHealthServer({
    listen: "127.0.0.1:0",
    isReady: () => isReady,
    gauges: () => ({ sidegate_operator_domains: 3 }),
    clock: new ManualClock(),
    logger: silent,
  });
  return async (path: string) => {
    const response = await fetch(`http://${server.address}${path}`);
    return { status: response.status, text: await response.text() };
  };
}
afterEach(() => server.stop());

test("says that it lives, and whether it is ready", async () => {
  const get = await start();
  expect((await get("/healthz")).status).toBe(200);
  expect((await get("/readyz?verbose")).status).toBe(503);
  isReady = true;
  expect((await get("/readyz")).status).toBe(200);
});

test("shows its gauges as Prometheus reads them", async () => {
  const get = await start();
  const { text } = await get("/metrics");
  expect(text).toBe("# TYPE sidegate_operator_domains gauge\nsidegate_operator_domains 3\n");
});

test("knows no other path", async () => {
  const get = await start();
  expect((await get("/")).status).toBe(404);
});

test("can not listen where another does", async () => {
  await start();
  const second = startHealthServer({
    listen: server.address,
    isReady: () => true,
    gauges: () => ({}),
    clock: new ManualClock(),
    logger: silent,
  });
  await expect(second).rejects.toMatchObject({ code: "SG3102" });
});
