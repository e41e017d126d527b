import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SidegateClient } from "../../client/index.ts";
import { formatAddress } from "../../host/address.ts";
import { createSystemClock } from "../../host/clock.ts";
import { type DeliveryServer, startDeliveryServer } from "../../operator/delivery/delivery-server.ts";
import { createPolicyBook } from "../../operator/policy-book.ts";
import { type Sidecar, startSidecar } from "../../sidecar/sidecar.ts";
import { silent } from "../support/silent-logger.ts";
import { allowed, compiledOf, eventually, shop } from "./sidecar-fixture.ts";

const clock = createSystemClock();
const book = createPolicyBook();
let folder: string;
let operator: DeliveryServer;
let sidecar: Sidecar;
let client: SidegateClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sidegate-"));
  operator = await startDeliveryServer({ book, listen: "127.0.0.1:0", clock, logger: silent });
  sidecar = await startSidecar({
    domains: ["shop"],
    operators: [operator.address],
    listen: [{ path: join(folder, "sidegate.sock"), mode: 0o600 }],
    metrics: { host: "127.0.0.1", port: 0 },
    ...{ name: "sidecar-1", version: "1.2.3", clock, random: () => 0.5, logger: silent, graceMs: 0 },
  });
  client = new SidegateClient({ address: formatAddress(sidecar.addresses[0]!) });
});

afterEach(async () => {
  client.close();
  await sidecar.stop();
  await operator.stop(0);
  rmSync(folder, { recursive: true });
});

async function scrape(): Promise<Map<string, string>> {
  const response = await fetch(`http://${formatAddress(sidecar.metrics!)}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0.0.4/);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => line.split(/ (?=[^ ]+$)/) as [string, string]));
}

test("a sidecar says what it decides by, and what became of its calls", async () => {
  const before = await scrape();
  expect(before.get("sidegate_sidecar_ready")).toBe("0");
  expect(before.get('sidegate_sidecar_policy_age_seconds{domain="shop"}')).toBe("+Inf");
  await expect(client.check(allowed)).rejects.toThrow();

  book.publish(compiledOf(shop, { AccessRoleBinding: "1" }));
  await eventually(() => sidecar.snapshots.ready).toBe(true);
  expect((await client.check(allowed)).allowed).toBe(true);
  await client.batchCheck([allowed, { ...allowed, permission: "logs:manage" }]);
  const [decision] = await client.batchCheck([{ ...allowed, minPosition: ["AccessRoleBinding:1"] }]);
  expect(decision).toMatchObject({ allowed: true });

  const after = await scrape();
  expect(after.get("sidegate_sidecar_ready")).toBe("1");
  expect(after.get("sidegate_sidecar_connected")).toBe("1");
  expect(after.get('sidegate_sidecar_info{version="1.2.3"}')).toBe("1");
  expect(after.get('sidegate_sidecar_checks_total{outcome="Allowed"}')).toBe("3");
  expect(after.get('sidegate_sidecar_checks_total{outcome="ExplicitDeny"}')).toBe("1");
  expect(Number(after.get('sidegate_sidecar_errors_total{code="SG3002"}'))).toBeGreaterThan(0);
  expect(Number(after.get('sidegate_sidecar_policy_age_seconds{domain="shop"}'))).toBeLessThan(300);
  const { revision } = sidecar.snapshots.get("shop")!;
  expect(after.get(`sidegate_sidecar_policy_info{domain="shop",revision="${revision}"}`)).toBe("1");
});

test("there is nothing but metrics at that port", async () => {
  const response = await fetch(`http://${formatAddress(sidecar.metrics!)}/`);
  expect(response.status).toBe(404);
});
