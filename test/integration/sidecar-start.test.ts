import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SidegateClient, UnavailableError } from "../../client/index.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { formatAddress } from "../../host/address.ts";
import { createSystemClock } from "../../host/clock.ts";
import { type DeliveryServer, startDeliveryServer } from "../../operator/delivery/delivery-server.ts";
import { createPolicyBook, type PolicyBook } from "../../operator/policy-book.ts";
import { type Sidecar, type SidecarOptions, startSidecar } from "../../sidecar/sidecar.ts";
import { recordingLogger, silent } from "../support/silent-logger.ts";
import { allowed, compiledOf, eventually, shop } from "./sidecar-fixture.ts";

const clock = createSystemClock();
const withoutGrant = shop.filter(({ metadata }) => metadata.name !== "ann-views");
let folder: string;
let book: PolicyBook;
let operator: DeliveryServer;
let running: { stop(): Promise<void> }[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sidegate-"));
  running = [];
  book = createPolicyBook();
  operator = await startDeliveryServer({ book, listen: "127.0.0.1:0", clock, logger: silent });
});

afterEach(async () => {
  for (const each of running) await each.stop();
  await operator.stop(0);
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<SidecarOptions> = {}): Promise<Sidecar & { client: SidegateClient }> {
  const sidecar = await startSidecar({
    domains: ["shop"],
    operators: [operator.address],
    listen: [{ path: join(folder, "sidegate.sock"), mode: 0o600 }],
    health: { host: "127.0.0.1", port: 0 },
    directory: join(folder, "policies"),
    ...{ name: "sidecar-1", version: "0.0.0", clock, random: () => 0.5, logger: silent, graceMs: 0 },
    ...options,
  });
  const client = new SidegateClient({ address: formatAddress(sidecar.addresses[0]!) });
  running.push({ stop: async () => client.close() });
  if (options.listen === undefined) running.push(sidecar);
  return { ...sidecar, client };
}

const publish = (objects: readonly SidegateObject[], version: string) =>
  book.publish(compiledOf(objects, { AccessRoleBinding: version }));
const readiness = async ({ health }: Sidecar) =>
  (await fetch(`http://${formatAddress(health!)}/readyz`)).status;

test("it is ready once the operator delivered, and follows each change", async () => {
  const sidecar = await start();
  expect(await readiness(sidecar)).toBe(503);
  await expect(sidecar.client.check(allowed)).rejects.toThrow(UnavailableError);

  publish(shop, "1");
  await eventually(() => sidecar.snapshots.ready).toBe(true);
  expect(await readiness(sidecar)).toBe(200);
  expect((await sidecar.client.check(allowed)).allowed).toBe(true);

  publish(withoutGrant, "2");
  const answer = await sidecar.client.check({ ...allowed, minPosition: ["AccessRoleBinding:2"] });
  expect(answer).toMatchObject({ allowed: false, reason: "NoGrant" });
});

test("restarted without operator, it answers from what it kept", async () => {
  const before = await start();
  publish(shop, "1");
  await eventually(() => before.snapshots.ready).toBe(true);
  await operator.stop(0);
  await eventually(() => before.delivery.state).toBe("resting");
  await before.stop();

  const after = await start();
  expect((await after.client.check(allowed)).allowed).toBe(true);
  expect(await readiness(after)).toBe(200);
});

test("restarted after it said goodbye, it answers once the operator has confirmed what it kept", async () => {
  const before = await start();
  publish(shop, "1");
  await eventually(() => before.snapshots.ready).toBe(true);
  // From then on nobody waits for it.
  await before.stop();
  await operator.stop(0);

  const after = await start();
  expect(await after.client.check(allowed)).toMatchObject({ allowed: false, reason: "Stale" });
});

test("it goes on when the operator stops", async () => {
  const sidecar = await start();
  publish(shop, "1");
  await eventually(() => sidecar.snapshots.ready).toBe(true);
  await operator.stop(0);
  await eventually(() => sidecar.delivery.state).toBe("resting");
  expect((await sidecar.client.check(allowed)).allowed).toBe(true);
});

test("an address in use fails the start and leaves nothing behind", async () => {
  await start({ directory: undefined, health: undefined });
  const failed = start({ health: undefined });
  await expect(failed).rejects.toMatchObject({ code: "SG3102" });
  // The directory is free again.
  const other = await start({ listen: [{ host: "127.0.0.1", port: 0 }] });
  await other.stop();
});

test("it logs no subject and no token", async () => {
  const { logger, lines } = recordingLogger();
  const sidecar = await start({ logger });
  publish(shop, "1");
  await eventually(() => sidecar.snapshots.ready).toBe(true);
  const subject = { ...allowed.subject, attributes: { mail: "ann@secret.example" } };
  await sidecar.client.check({ ...allowed, subject, token: "secret.token" });
  await expect(sidecar.client.check({ ...allowed, subject, scope: "nowhere" })).rejects.toThrow();
  await sidecar.stop();
  expect(lines.map(({ msg }) => msg)).toContain("Listening for checks");
  expect(JSON.stringify(lines)).not.toMatch(/secret|\bann\b/);
});
