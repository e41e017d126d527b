import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CheckFailedError, SidegateClient } from "../../client/index.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { formatAddress } from "../../host/address.ts";
import { createSystemClock } from "../../host/clock.ts";
import { type DeliveryServer, startDeliveryServer } from "../../operator/delivery/delivery-server.ts";
import type { Gate } from "../../operator/identity/gate.ts";
import type { PeerIdentity } from "../../operator/identity/peer-identity.ts";
import { createPolicyBook, type PolicyBook } from "../../operator/policy-book.ts";
import {
  type NodeSidecar,
  type NodeSidecarOptions,
  startNodeSidecar,
} from "../../sidecar/node/node-sidecar.ts";
import { createFastClock } from "../support/fast-clock.ts";
import { silent } from "../support/silent-logger.ts";
import { allowed, compiledOf, eventually, shop } from "./sidecar-fixture.ts";

const clock = createSystemClock();
let folder: string;
let book: PolicyBook;
let operator: DeliveryServer;
let node: NodeSidecar;
let clients: SidegateClient[];
/** Who may sync what, as "namespace/name domain". */
let rights: Set<string>;
let reviews: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sidegate-"));
  clients = [];
  rights = new Set();
  reviews = [];
  book = createPolicyBook();
  for (const domain of ["shop", "billing"])
    book.publish({ ...compiledOf(shop, { AccessRoleBinding: "1" }), domain });
  operator = await startOperator();
});

afterEach(async () => {
  for (const client of clients) client.close();
  await node.stop();
  await operator.stop(0);
  rmSync(folder, { recursive: true });
});

/** Tokens are "namespace/name", or refused. */
const callers: Gate = {
  async identify([header]) {
    const [, namespace, name] = /^Bearer ([a-z]+)\/([a-z]+)$/.exec(String(header)) ?? [];
    reviews.push(String(header));
    if (namespace === undefined) throw new SidegateError("SG2152", "nobody knows that token");
    return { ...anyone, user: `system:serviceaccount:${namespace}:${name}` };
  },
  async authorize({ user }, domain) {
    const [, , namespace, name] = user.split(":");
    if (!rights.has(`${namespace}/${name} ${domain}`))
      throw new SidegateError("SG2155", `grant sync on ${domain}`);
  },
};
const anyone: PeerIdentity = { user: "node", uid: "", groups: [], extra: {}, expiresAt: undefined };
const sidecars: Gate = { identify: async () => anyone, authorize: async () => {} };

function startOperator(listen = "127.0.0.1:0"): Promise<DeliveryServer> {
  return startDeliveryServer({ book, listen, clock, logger: silent, gate: sidecars, callers });
}

async function start(options: Partial<NodeSidecarOptions> = {}): Promise<void> {
  node = await startNodeSidecar({
    operators: [operator.address],
    listen: [{ path: join(folder, "sidegate.sock"), mode: 0o666 }],
    metrics: { host: "127.0.0.1", port: 0 },
    directory: join(folder, "policies"),
    ...{ name: "node-1", version: "0.0.0", clock, random: () => 0.5, logger: silent, graceMs: 0 },
    ...options,
  });
}

/** A client in a pod of some service account, "namespace/name". */
function clientOf(token: string | undefined): SidegateClient {
  const tokenFile = join(folder, `token-${clients.length}`);
  if (token !== undefined) writeFileSync(tokenFile, token);
  const address = formatAddress(node.addresses[0]!);
  const client = new SidegateClient({ address, ...(token !== undefined && { tokenFile }) });
  clients.push(client);
  return client;
}

test("a pod asks about the domain of its namespace, which is followed from then on", async () => {
  await start();
  expect(node.domains()).toEqual([]);
  const pod = clientOf("shop/pay");
  expect((await pod.check(allowed)).allowed).toBe(true);
  expect((await pod.check({ ...allowed, domain: "shop" })).allowed).toBe(true);
  expect((await pod.listScopes({ subject: allowed.subject, permission: "logs:view" })).entries.length).toBe(
    1,
  );
  expect(node.domains()).toEqual(["shop"]);
  expect(reviews).toEqual(["Bearer shop/pay"]);
});

test("it may ask about no other domain, unless it may sync that", async () => {
  await start();
  const pod = clientOf("shop/pay");
  const other = { ...allowed, domain: "billing" };
  await expect(pod.check(other)).rejects.toMatchObject({
    status: "PERMISSION_DENIED",
    message: expect.stringContaining("grant sync on billing"),
  });
  rights.add("shop/admin billing");
  expect((await clientOf("shop/admin").check(other)).allowed).toBe(true);
  expect(node.domains()).toEqual(["billing"]);
});

test("a batch has an error in the place of what its caller may not ask", async () => {
  await start();
  const [own, other] = await clientOf("shop/pay").batchCheck([allowed, { ...allowed, domain: "billing" }]);
  expect(own).toMatchObject({ allowed: true });
  expect(other).toBeInstanceOf(CheckFailedError);
  expect(other).toMatchObject({ status: "PERMISSION_DENIED" });
});

test("who does not say who it is, or is not known, gets no answer", async () => {
  await start();
  await expect(clientOf(undefined).check(allowed)).rejects.toMatchObject({ status: "UNAUTHENTICATED" });
  await expect(clientOf("?").check(allowed)).rejects.toMatchObject({
    status: "UNAUTHENTICATED",
    message: expect.stringContaining("nobody knows that token"),
  });
  expect(node.domains()).toEqual([]);
});

test("without the operator known callers are answered, and new ones told to come again", async () => {
  await start();
  const pod = clientOf("shop/pay");
  await pod.check(allowed);
  await operator.stop(0);
  expect((await pod.check(allowed)).allowed).toBe(true);
  await expect(clientOf("shop/other").check(allowed)).rejects.toMatchObject({ status: "UNAVAILABLE" });
  operator = await startOperator(operator.address);
  expect((await clientOf("shop/other").check(allowed)).allowed).toBe(true);
});

test("a domain that nobody asks about is left, and followed again when somebody does", async () => {
  await start({ idleMs: 200 });
  const pod = clientOf("shop/pay");
  await pod.check(allowed);
  expect([...operator.fleet.members()].map(({ sidecar }) => sidecar)).toEqual(["node/node-1/shop"]);
  await eventually(() => operator.fleet.size).toBe(0);
  expect(node.domains()).toEqual([]);
  expect((await pod.check(allowed)).allowed).toBe(true);
});

test("it follows no more domains than it may", async () => {
  await start({ maxDomains: 1 });
  await clientOf("shop/pay").check(allowed);
  await expect(clientOf("billing/pay").check(allowed)).rejects.toMatchObject({
    status: "RESOURCE_EXHAUSTED",
  });
});

test("a domain without a policy is Unavailable, and told apart from one that may not be asked about", async () => {
  await start({ clock: createFastClock(20) });
  const asked = clientOf("empty/pay").check(allowed, { deadlineMs: 60_000 });
  await expect(asked).rejects.toMatchObject({ status: "UNAVAILABLE" });
});

test("it stops at once, also while a call waits for a first policy", async () => {
  await start({ graceMs: 60_000 });
  const waiting = clientOf("empty/pay").check(allowed);
  await eventually(() => node.domains()).toEqual(["empty"]);
  const stopped = node.stop();
  await expect(waiting).rejects.toMatchObject({ status: "UNAVAILABLE" });
  await stopped;
  await start();
});

test("metrics are of all domains that are followed", async () => {
  await start();
  await clientOf("shop/pay").check(allowed);
  const response = await fetch(`http://${formatAddress(node.metrics!)}/metrics`);
  expect(await response.text()).toContain('sidegate_sidecar_policy_info{domain="shop"');
});
