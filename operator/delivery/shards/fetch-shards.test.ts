import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { afterEach, expect, test } from "vitest";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../../engine/model/delivery-limits.ts";
import { createSystemClock } from "../../../host/clock.ts";
import { deliveryService } from "../../../proto/delivery-service.ts";
import type { ShardChunk } from "../../../proto/generated/delivery.js";
import { compiledPolicy } from "../../../test/support/policies.ts";
import { silent } from "../../../test/support/silent-logger.ts";
import type { Gate } from "../../identity/gate.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";
import { createPolicyBook } from "../../policy-book.ts";
import { startDeliveryServer } from "../delivery-server.ts";

const large = Buffer.alloc(deliveryLimits.chunkBytes + 1, "x");
const policy = compiledPolicy({ shards: { model: "m1", "organization/a": large, "organization/b": "" } });
const [, a, b] = policy.shards;
const digest = (hash: string) => Buffer.from(hash, "hex");

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const ending of endings.splice(0).reverse()) await ending();
});

/** Lets in who shows the token "good", to the domain shop. */
const gate: Gate = {
  async identify([header]) {
    if (header !== "Bearer good") throw new SidegateError("SG2151", "no token");
    return { user: "sidecar" } as PeerIdentity;
  },
  async authorize(_, domain) {
    if (domain !== "shop") throw new SidegateError("SG2155", `not ${domain}`);
  },
};

async function start(isGated = false) {
  return (await startWith(isGated ? gate : undefined)).fetch;
}

async function startWith(admitting: Gate | undefined) {
  const book = createPolicyBook();
  book.publish(policy);
  book.publish({ ...policy, domain: "bank" });
  const server = await startDeliveryServer({
    ...{ book, listen: "127.0.0.1:0", clock: createSystemClock(), logger: silent },
    gate: admitting,
  });
  const client = new Client(server.address, credentials.createInsecure());
  endings.push(
    () => server.stop(0),
    () => client.close(),
  );
  const { path, requestSerialize, responseDeserialize } = deliveryService.fetchShards;
  const fetch = async (domain: string, hashes: readonly Buffer[], token?: string) => {
    const metadata = new Metadata();
    if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
    const request = { domain, hashes: [...hashes] };
    const call = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
    );
    const chunks: ShardChunk[] = [];
    for await (const chunk of call) chunks.push(chunk as ShardChunk);
    return chunks;
  };
  return { client, fetch, fleet: server.fleet };
}

test("Shards come in pieces, in the order asked for, without those that are not there", async () => {
  const fetch = await start();
  const chunks = await fetch("shop", [digest(b!.hash), Buffer.alloc(32, 7), digest(a!.hash)]);
  expect(
    chunks.map(({ hash, data, last }) => [Buffer.from(hash).toString("hex"), data.length, last]),
  ).toEqual([
    [b!.hash, 0, true],
    [a!.hash, deliveryLimits.chunkBytes, false],
    [a!.hash, 1, true],
  ]);
  expect(await fetch("unknown", [digest(a!.hash)])).toEqual([]);
});

test.each([
  ["no domain", "", [digest(a!.hash)]],
  ["a hash of another length", "shop", [Buffer.alloc(31)]],
  ["too many shards", "shop", Array(deliveryLimits.fetchedShards + 1).fill(digest(a!.hash))],
])("A request with %s is refused", async (_, domain, hashes) => {
  const fetch = await start();
  await expect(fetch(domain, hashes)).rejects.toThrow("SG2006");
});

test("A sidecar gets shards of domains whose policies it may have, and of no other", async () => {
  const fetch = await start(true);
  await expect(fetch("shop", [digest(a!.hash)])).rejects.toThrow("SG2151");
  await expect(fetch("bank", [digest(a!.hash)], "good")).rejects.toThrow("SG2155");
  expect(await fetch("shop", [digest(b!.hash)], "good")).toHaveLength(1);
});

test("While the API server is away, a sidecar fetches on the connection of its stream, and nothing of other domains", async () => {
  let isAway = false;
  const asked: string[] = [];
  const failing: Gate = {
    async identify(headers) {
      if (isAway) throw new SidegateError("SG2156", "no answer");
      return gate.identify(headers);
    },
    async authorize(peer, domain) {
      asked.push(domain);
      await gate.authorize(peer, domain);
    },
  };
  const { client, fetch, fleet } = await startWith(failing);
  const { path, requestSerialize, responseDeserialize } = deliveryService.sync;
  const metadata = new Metadata();
  metadata.set("authorization", "Bearer good");
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
  stream.on("error", () => {});
  stream.on("data", () => {});
  stream.write({ hello: { protocol: 1, sidecar: "pod-1", version: "1", domains: [{ domain: "shop" }] } });
  await expect.poll(() => [...fleet.members()].length).toBe(1);
  isAway = true;
  for (let time = 0; time < 10; time++)
    expect(await fetch("shop", [digest(b!.hash)], "good")).toHaveLength(1);
  await expect(fetch("bank", [digest(a!.hash)], "good")).rejects.toThrow("SG2156");
  expect(asked).toEqual(["shop"]);
  stream.end();
});
