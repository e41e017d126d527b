import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { UnavailableError } from "../../client/errors.ts";
import { SidegateClient } from "../../client/sidegate-client.ts";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { formatAddress } from "../../host/address.ts";
import { createSystemClock } from "../../host/clock.ts";
import { type DeliveryServer, startDeliveryServer } from "../../operator/delivery/delivery-server.ts";
import { createPolicyBook, type PolicyBook } from "../../operator/policy-book.ts";
import { type Sidecar, startSidecar } from "../../sidecar/sidecar.ts";
import { until } from "../support/raw-sidecar.ts";
import { silent } from "../support/silent-logger.ts";
import { binding, build, DOMAIN, role } from "../worlds/build.ts";
import { compiledOf } from "./sidecar-fixture.ts";

const ORGANIZATIONS = 30;
const names = Array.from({ length: ORGANIZATIONS }, (_, number) => `org-${String(number).padStart(2, "0")}`);
const clock = createSystemClock();
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const ending of endings.splice(0).reverse()) await ending();
});

/** Ann is everywhere and views all; a user of each organization views it. */
function domain(...more: readonly SidegateObject[]): readonly SidegateObject[] {
  return [
    build("PermissionCatalog", "shop", {
      resources: [
        { name: "billing", level: "Organization", verbs: [{ name: "view" }] },
        { name: "fleet", level: "Platform", verbs: [{ name: "view" }] },
      ],
    }),
    role("viewer", { rules: [{ resources: ["billing"], verbs: ["view"] }] }),
    ...names.flatMap((name) => [
      build("Organization", name, {}),
      ...["ann", `user-of-${name}`].flatMap((user) => [
        build("Membership", `${user}-${name}`, { organization: name, subject: { kind: "User", name: user } }),
        binding(`${user}-${name}`, "viewer", `User:${user}`, `organization/${name}`),
      ]),
    ]),
    ...more,
  ];
}

async function startOperator(...policies: CompiledPolicy[]) {
  const book: PolicyBook = createPolicyBook();
  for (const policy of policies) book.publish(policy);
  const settings = { heartbeatMs: 500, progressMs: 50 };
  const server: DeliveryServer = await startDeliveryServer({
    ...{ book, listen: "127.0.0.1:0", clock, logger: silent, settings },
  });
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await server.stop(0);
    isStopped = true;
  };
  endings.push(stop);
  return { book, server, stop };
}

async function start(operator: string, shardMemory: number, directory?: string) {
  const sidecar: Sidecar = await startSidecar({
    ...{ domains: [DOMAIN], operators: [operator], listen: [{ host: "127.0.0.1", port: 0 }] },
    ...{ name: "pod-1", version: "0", clock, random: () => 0.01, logger: silent, shardMemory, directory },
    graceMs: 100,
  });
  const client = new SidegateClient({ address: formatAddress(sidecar.addresses[0]!) });
  const stop = async () => {
    client.close();
    await sidecar.stop();
  };
  endings.push(stop);
  await until(() => sidecar.snapshots.ready);
  const views = async (user: string, name: string) => {
    const subject = { kind: "User", name: user } as const;
    const check = { subject, permission: "billing:view", scope: `organization/${name}` };
    return (await client.check(check)).allowed;
  };
  return { sidecar, client, views, stop: () => endings.splice(endings.indexOf(stop), 1)[0]!() };
}

function newDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "sidegate-"));
  endings.unshift(async () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** How many shards are there, whole. */
const shardsOn = (directory: string) =>
  readdirSync(join(directory, DOMAIN, "shards")).filter((name) => /^[0-9a-f]{64}$/.test(name)).length;

test("A sidecar answers about more organizations than it may keep in memory", async () => {
  const compiled = compiledOf(domain());
  const { server } = await startOperator(compiled);
  const { sidecar, client, views } = await start(server.address, 20_000);
  for (const name of [...names, ...names]) {
    expect(await views("ann", name)).toBe(true);
    expect(await views("somebody", name)).toBe(false);
    expect(sidecar.shards!.held.bytes).toBeLessThanOrEqual(20_000);
  }
  const all = await Promise.all(names.map((name) => views(`user-of-${name}`, name)));
  expect(all).toEqual(names.map(() => true));
  expect(sidecar.shards!.loaded).toBeGreaterThan(ORGANIZATIONS);
  const scopes = await client.listScopes({
    subject: { kind: "User", name: "ann" },
    permission: "billing:view",
  });
  expect(scopes.entries.map(({ scope }) => scope)).toEqual(names.map((name) => `organization/${name}`));
});

test("Checks at Platform look at organizations one by one, and a batch at as many as it names", async () => {
  const { server } = await startOperator(compiledOf(domain()));
  const { client, sidecar } = await start(server.address, 20_000);
  const ask = async (user: string) => {
    const check = {
      subject: { kind: "User", name: user },
      permission: "fleet:view",
      scope: "platform",
    } as const;
    return (await client.check(check)).disclosure;
  };
  expect(await ask(`user-of-${names.at(-1)}`)).toBe("Forbidden");
  expect(await ask("somebody")).toBe("NotFound");
  const results = await client.batchCheck(
    names.map((name) => ({
      subject: { kind: "User", name: `user-of-${name}` } as const,
      permission: "billing:view",
      scope: `organization/${name}`,
    })),
  );
  expect(results.map((result) => "allowed" in result && result.allowed)).toEqual(names.map(() => true));
  expect(sidecar.shards!.held.bytes).toBeLessThanOrEqual(20_000);
});

test("Without the operator what is not in memory is Unavailable, and never denied", async () => {
  const operator = await startOperator(compiledOf(domain()));
  const { sidecar, views } = await start(operator.server.address, 8_000);
  expect(await views("ann", names[0]!)).toBe(true);
  await operator.stop();
  await until(() => sidecar.delivery.state !== "streaming");
  expect(await views("ann", names[0]!)).toBe(true);
  await expect(views("ann", names[1]!)).rejects.toThrow(UnavailableError);
  await expect(views("somebody", names[2]!)).rejects.toThrow("the operator did not send a shard");
});

test("With a directory all shards come to disk, and a restart needs no operator", async () => {
  const directory = newDirectory();
  const compiled = compiledOf(domain());
  const operator = await startOperator(compiled);
  const first = await start(operator.server.address, 8_000, directory);
  await until(() => shardsOn(directory) === compiled.shards.length);
  // First the operator: a sidecar that says goodbye gives up what it has on disk.
  await operator.stop();
  await until(() => first.sidecar.delivery.state === "resting");
  await first.stop();
  const second = await start(operator.server.address, 8_000, directory);
  for (const name of names) expect(await second.views("ann", name)).toBe(true);
});

test("Once a change is acknowledged, every organization is decided by it, whether it was in memory or not", async () => {
  const { book, server } = await startOperator(compiledOf(domain()));
  const { sidecar, views } = await start(server.address, 1_000_000);
  const [seen, unseen] = [names[3]!, names[4]!];
  expect(await views("bob", seen)).toBe(false);
  const more = [seen, unseen].flatMap((name) => [
    build("Membership", `bob-${name}`, { organization: name, subject: { kind: "User", name: "bob" } }),
    binding(`bob-${name}`, "viewer", "User:bob", `organization/${name}`),
  ]);
  const next = compiledOf(domain(...more), { Membership: "2" });
  book.publish(next);
  await until(() =>
    [...server.fleet.members()].every(
      ({ holdings }) => holdings.get(DOMAIN)?.active?.revision === next.revision,
    ),
  );
  const { loaded } = sidecar.shards!;
  expect(await views("bob", seen)).toBe(true);
  // It was in memory, so the swap has waited for it.
  expect(sidecar.shards!.loaded).toBe(loaded);
  expect(await views("bob", unseen)).toBe(true);
  expect(sidecar.shards!.loaded).toBe(loaded + 1);
});

test("A damaged shard on disk is set aside and fetched anew", async () => {
  const directory = newDirectory();
  const compiled = compiledOf(domain());
  const { server } = await startOperator(compiled);
  const { views } = await start(server.address, 1, directory);
  await until(() => shardsOn(directory) === compiled.shards.length);
  const { hash } = compiled.shards.find(({ id }) => id === `organization/${names[0]}`)!;
  writeFileSync(join(directory, DOMAIN, "shards", hash), "not it");
  expect(await views("ann", names[0]!)).toBe(true);
  await until(() => readdirSync(join(directory, DOMAIN)).some((name) => name.includes("damaged")));
});
