import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { createSystemClock } from "../../host/clock.ts";
import { type DeliveryServer, startDeliveryServer } from "../../operator/delivery/delivery-server.ts";
import { TokenGate } from "../../operator/identity/token-gate.ts";
import { createPolicyBook, type PolicyBook } from "../../operator/policy-book.ts";
import { OperatorResolver } from "../../sidecar/delivery/resolve-operators.ts";
import { TestCertificate } from "../support/certificates.ts";
import { compiledPolicy } from "../support/policies.ts";
import { until } from "../support/raw-sidecar.ts";
import { ReviewingApi } from "../support/reviewing-api.ts";
import { silent } from "../support/silent-logger.ts";
import { SERVER_NAME } from "./guarded.ts";
import { Plant, type TestSidecar } from "./plant.ts";

/** Policies of which each has seen one change more. */
const at = (position: number) =>
  compiledPolicy({
    shards: { model: "m", platform: `p${position}` },
    position: { AccessRole: `${position}` },
  });

let plant: Plant;
let folder: string;
let certificate: TestCertificate;
let api: ReviewingApi;
let port: number;
const servers: DeliveryServer[] = [];

beforeEach(async () => {
  plant = new Plant();
  folder = await mkdtemp(join(tmpdir(), "sidegate-replicas-"));
  certificate = await TestCertificate.make(SERVER_NAME);
  api = new ReviewingApi();
  api.allowSync("shop");
  port = 0;
  await writeFile(join(folder, "ca.crt"), certificate.ca);
});

afterEach(async () => {
  await plant.end();
  for (const server of servers.splice(0)) await server.stop(0);
  await rm(folder, { recursive: true });
});

/** A replica at an address of its own; all have the same port, as pods behind a headless Service have. */
async function startReplica(address: string): Promise<{ book: PolicyBook; server: DeliveryServer }> {
  const book = createPolicyBook();
  const clock = createSystemClock();
  const gate = new TokenGate({ api, clock });
  const settings = { heartbeatMs: 500, progressMs: 50 };
  const server = await startDeliveryServer({
    ...{ book, clock, gate, certificate, settings, logger: silent },
    listen: `${address}:${port}`,
  });
  port = Number(server.address.split(":")[1]);
  servers.push(server);
  return { book, server };
}

const issue = () => writeFile(join(folder, "token"), api.podToken("shop", "web-0", Date.now() + 3_600_000));

/** A sidecar that is given a name; `found` is what the name stands for, and may change. */
function startSidecar(found: () => readonly string[]): Promise<TestSidecar> {
  const resolver = new OperatorResolver([`sidegate-operator-replicas:${port}`], async () => found());
  return plant.sidecar({
    addresses: [`sidegate-operator-replicas:${port}`],
    resolve: () => resolver.resolve(),
    access: { ca: join(folder, "ca.crt"), serverName: SERVER_NAME, tokenFile: join(folder, "token") },
  });
}

const has = (sidecar: TestSidecar, { revision }: CompiledPolicy) =>
  until(() => sidecar.snapshots.get("shop")?.revision === revision);

describe("a sidecar that is given a name for several replicas", () => {
  test("goes to another when its own is gone, and never back in position", async () => {
    const one = await startReplica("127.0.0.1");
    const two = await startReplica("127.0.0.2");
    one.book.publish(at(5));
    two.book.publish(at(3));
    await issue();
    let replicas = ["127.0.0.1"];
    const sidecar = await startSidecar(() => replicas);
    const positions: number[] = [];
    sidecar.snapshots.subscribe(({ position }) => positions.push(Number(position.AccessRole)));
    await has(sidecar, at(5));

    replicas = ["127.0.0.1", "127.0.0.2"];
    await one.server.stop(200);
    await until(() => [...two.server.fleet.members()].some(({ holdings }) => holdings.get("shop")?.behind));
    expect(sidecar.snapshots.get("shop")?.revision).toBe(at(5).revision);
    two.book.publish(at(4));
    two.book.publish(at(7));
    await has(sidecar, at(7));
    expect(positions).toEqual([5, 7]);
  });

  test("leaves one that is behind for one that is not", async () => {
    const one = await startReplica("127.0.0.1");
    const two = await startReplica("127.0.0.2");
    one.book.publish(at(5));
    await issue();
    let replicas = ["127.0.0.1"];
    const sidecar = await startSidecar(() => replicas);
    await has(sidecar, at(5));
    two.book.publish(at(3));
    const three = await startReplica("127.0.0.3");
    three.book.publish(at(6));
    replicas = ["127.0.0.2", "127.0.0.3"];
    await one.server.stop(200);
    await has(sidecar, at(6));
  });

  test("finds one that comes to be later", async () => {
    const one = await startReplica("127.0.0.1");
    one.book.publish(at(1));
    await issue();
    let replicas: string[] = [];
    const sidecar = await startSidecar(() => {
      if (replicas.length === 0) throw new Error("getaddrinfo ENOTFOUND sidegate-operator-replicas");
      return replicas;
    });
    await until(() => sidecar.lines.some(({ code }) => code === "SG2163"));
    replicas = ["127.0.0.1"];
    await has(sidecar, at(1));
  });

  test("reads token and authority again for each connection", async () => {
    const one = await startReplica("127.0.0.1");
    one.book.publish(at(1));
    await rm(join(folder, "ca.crt"));
    const sidecar = await startSidecar(() => ["127.0.0.1"]);
    await until(() => sidecar.lines.some(({ code }) => code === "SG2162"));
    await writeFile(join(folder, "ca.crt"), certificate.ca);
    await until(() => sidecar.lines.some(({ code }) => code === "SG2161"));
    await writeFile(join(folder, "token"), "\n");
    await until(() => sidecar.lines.some(({ error }) => String(error).endsWith("holds no token")));
    await issue();
    await has(sidecar, at(1));
  });

  test("shows its token to nobody whose name or authority is another", async () => {
    const one = await startReplica("127.0.0.1");
    one.book.publish(at(1));
    await issue();
    const stranger = await TestCertificate.make("somebody-else");
    certificate.set(stranger.current.cert, stranger.current.key);
    const sidecar = await startSidecar(() => ["127.0.0.1"]);
    await until(() => sidecar.lines.some(({ error }) => String(error).includes("certificate")));
    expect(api.asked).toBe(0);
    await writeFile(join(folder, "ca.crt"), stranger.ca);
    await until(() => sidecar.lines.some(({ error }) => /altnames|does not match/.test(String(error))));
    expect(api.asked).toBe(0);
  });
});
