import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { Policy } from "../../engine/policy/policy.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { compiledPolicy, loadAnything } from "../support/policies.ts";
import { nextTurn, until } from "../support/raw-sidecar.ts";
import { build } from "../worlds/build.ts";
import { Plant, type TestSidecar } from "./plant.ts";

const first = compiledPolicy({ shards: { model: "m1", platform: "p1", "organization/a": "a1" } });
const second = compiledPolicy({
  shards: { model: "m1", platform: "p2", "organization/a": "a1" },
  position: { AccessRole: "2" },
});

let plant = new Plant();

afterEach(async () => {
  await plant.end();
  plant = new Plant();
});

const has = (sidecar: TestSidecar, { domain, revision }: CompiledPolicy) =>
  sidecar.snapshots.get(domain)?.revision === revision;
const arrives = (sidecar: TestSidecar, policy: CompiledPolicy) => until(() => has(sidecar, policy));

describe("a policy", () => {
  test("arrives, and then only what changed of it", async () => {
    const { book, server } = await plant.operator("127.0.0.1:0", first);
    const sidecar = await plant.sidecar({ addresses: [server.address] });
    await arrives(sidecar, first);
    expect(sidecar.heard.get("chunk")).toBe(3);
    book.publish(second);
    await arrives(sidecar, second);
    expect(sidecar.heard.get("chunk")).toBe(4);
    await until(() => server.fleet.summary("shop", 0).current === 1);
  });

  test("arrives over a Unix socket", async () => {
    const path = `unix:${join(await plant.directory(), "delivery.sock")}`;
    const { server } = await plant.operator(path, first);
    const sidecar = await plant.sidecar({ addresses: [server.address] });
    await arrives(sidecar, first);
  });

  test("of each domain arrives", async () => {
    const other = compiledPolicy({ domain: "bank", shards: { model: "b1" } });
    const { server } = await plant.operator("127.0.0.1:0", first, other);
    const sidecar = await plant.sidecar({ addresses: [server.address], domains: ["shop", "bank"] });
    await until(() => sidecar.snapshots.ready);
    expect(has(sidecar, other)).toBe(true);
  });

  test("of many chunks arrives whole", async () => {
    const shards = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [
        `organization/${index}`,
        Buffer.alloc(3_000_000 + index, index),
      ]),
    );
    const large = compiledPolicy({ shards });
    const { server } = await plant.operator("127.0.0.1:0", large);
    const sidecar = await plant.sidecar({ addresses: [server.address] });
    await arrives(sidecar, large);
    expect(sidecar.heard.get("chunk")).toBe(60);
  });

  test("whose content stays moves its position without a shard", async () => {
    const { book, server } = await plant.operator("127.0.0.1:0", first);
    const sidecar = await plant.sidecar({ addresses: [server.address] });
    await arrives(sidecar, first);
    const waiting = sidecar.snapshots.waitFor("shop", { AccessRole: "40" }, Infinity);
    book.publish({ ...first, position: { AccessRole: "40" } });
    expect((await waiting).revision).toBe(first.revision);
    expect(sidecar.heard.get("commit")).toBe(1);
  });

  test("that is refused leaves the old one in use, is tried again, and gives way to a newer", async () => {
    const bad = compiledPolicy({ shards: { model: "bad" }, position: { AccessRole: "2" } });
    const good = compiledPolicy({ shards: { model: "m3" }, position: { AccessRole: "3" } });
    const { book, server } = await plant.operator("127.0.0.1:0", first);
    const sidecar = await plant.sidecar({ addresses: [server.address] });
    await arrives(sidecar, first);
    book.publish(bad);
    await until(() => (sidecar.heard.get("commit") ?? 0) >= 3);
    expect(has(sidecar, first)).toBe(true);
    expect(server.fleet.summary("shop", 0).laggards).toMatchObject([{ sidecar: "pod-1", refused: "SG2007" }]);
    book.publish(good);
    await arrives(sidecar, good);
  });
});

describe("a stream that breaks", () => {
  test("goes on where it was, and nothing is sent twice", async () => {
    const { server } = await plant.operator("127.0.0.1:0", first);
    const sidecar = await plant.sidecar({ addresses: [server.address] });
    await arrives(sidecar, first);
    await server.stop(0);
    const restarted = await plant.operator(server.address, first);
    await until(() => restarted.server.fleet.summary("shop", 0).current === 1);
    await until(() => (sidecar.heard.get("progress") ?? 0) > 0);
    expect(sidecar.heard.get("chunk")).toBe(3);
    expect(sidecar.heard.get("commit")).toBe(1);

    restarted.book.publish(second);
    await arrives(sidecar, second);
    expect(sidecar.heard.get("chunk")).toBe(4);
  });

  test("in the middle of a policy keeps the shards that arrived", async () => {
    const content = (index: number) => Buffer.alloc(200_000, `${index}`);
    const ids = Array.from({ length: 100 }, (_, index) => `organization/${index}`);
    const large = compiledPolicy({
      shards: Object.fromEntries(ids.map((id, index) => [id, content(index)])),
    });
    const { server } = await plant.operator("127.0.0.1:0", large);
    const sidecar = await plant.sidecar({ addresses: [server.address] });
    await until(() => (sidecar.heard.get("chunk") ?? 0) >= 10);
    await server.stop(0);
    expect(sidecar.snapshots.ready).toBe(false);
    await plant.operator(server.address, large);
    await arrives(sidecar, large);
    // At most the one that was cut in the middle comes again.
    expect(sidecar.heard.get("chunk")).toBeLessThanOrEqual(101);
  });

  test("because the replica stops leads to the next one", async () => {
    const one = await plant.operator("127.0.0.1:0", first);
    const two = await plant.operator("127.0.0.1:0", first);
    const sidecar = await plant.sidecar({ addresses: [one.server.address, two.server.address] });
    await arrives(sidecar, first);
    const [used, other] = one.server.fleet.size === 1 ? [one, two] : [two, one];
    await used.server.stop(0);
    await until(() => other.server.fleet.size === 1);
  });
});

describe("positions", () => {
  test("never go back: a replica that is behind is waited for, or left for another", async () => {
    const ahead = await plant.operator("127.0.0.1:0", second);
    const sidecar = await plant.sidecar({ addresses: [ahead.server.address] });
    await arrives(sidecar, second);
    await ahead.server.stop(0);
    const behind = await plant.operator(ahead.server.address, first);
    await until(() => sidecar.heard.has("behind"));
    expect(has(sidecar, second)).toBe(true);
    behind.book.publish({ ...first, position: { AccessRole: "3" } });
    await arrives(sidecar, first);
  });

  test("lead away from a replica that stays behind", async () => {
    const current = await plant.operator("127.0.0.1:0", second);
    const behind = await plant.operator("127.0.0.1:0", first);
    const directory = await plant.directory();
    const earlier = await plant.sidecar({ addresses: [current.server.address], directory });
    await arrives(earlier, second);
    await earlier.stop();
    // With a random number of 0.5 the second address is tried first.
    const addresses = [current.server.address, behind.server.address];
    const sidecar = await plant.sidecar({ addresses, directory });
    await until(() => current.server.fleet.size === 1);
    expect(sidecar.heard.get("behind")).toBeGreaterThanOrEqual(1);
    expect(has(sidecar, second)).toBe(true);
  });

  test("start again when the epoch is raised", async () => {
    const { book, server } = await plant.operator("127.0.0.1:0", second);
    const sidecar = await plant.sidecar({ addresses: [server.address] });
    await arrives(sidecar, second);
    book.publish({ ...first, epoch: 1 });
    await arrives(sidecar, first);
    expect(sidecar.snapshots.get("shop")).toMatchObject({ epoch: 1, position: { AccessRole: "1" } });
    book.publish({ ...first, epoch: 2, position: {} });
    await until(() => sidecar.snapshots.get("shop")?.epoch === 2);
    expect(sidecar.heard.get("commit")).toBe(2);
  });
});

describe("the last known good", () => {
  test("serves a sidecar that starts without an operator, and saves the way of all shards", async () => {
    const directory = await plant.directory();
    const { server } = await plant.operator("127.0.0.1:0", first);
    const earlier = await plant.sidecar({ addresses: [server.address], directory });
    await until(() => server.fleet.summary("shop", 0).current === 1);
    await earlier.stop();
    await server.stop(0);

    const sidecar = await plant.sidecar({ addresses: [server.address], directory });
    expect(has(sidecar, first)).toBe(true);
    await plant.operator(server.address, second);
    await arrives(sidecar, second);
    expect(sidecar.heard.get("chunk")).toBe(1);
  });

  test("that is damaged is set aside, and the policy comes from the operator", async () => {
    const directory = await plant.directory();
    const { server } = await plant.operator("127.0.0.1:0", first);
    const earlier = await plant.sidecar({ addresses: [server.address], directory });
    await until(() => server.fleet.summary("shop", 0).current === 1);
    await earlier.stop();
    const file = join(directory, "shop", "policy");
    await writeFile(file, (await readFile(file)).subarray(0, 150));

    const sidecar = await plant.sidecar({ addresses: [server.address], directory });
    expect(sidecar.snapshots.ready).toBe(false);
    await arrives(sidecar, first);
    expect(await readdir(join(directory, "shop"))).toContain("policy.damaged-1");
    const report = sidecar.lines.find(({ msg }) => msg.startsWith("Set a damaged file"));
    expect(report).toMatchObject({ domain: "shop", path: file, code: "SG2201" });
  });

  test("that vanishes while the sidecar runs does not disturb it", async () => {
    const directory = await plant.directory();
    const { book, server } = await plant.operator("127.0.0.1:0", first);
    const sidecar = await plant.sidecar({ addresses: [server.address], directory });
    await until(() => server.fleet.summary("shop", 0).current === 1);
    await rm(join(directory, "shop"), { recursive: true });
    book.publish(second);
    await until(() => server.fleet.summary("shop", 0).byRevision.has(second.revision));
    expect(has(sidecar, second)).toBe(true);
    expect(sidecar.lines.some(({ msg }) => msg === "Could not keep the policy on disk")).toBe(true);
  });

  test("is loaded by asking for each shard once", async () => {
    const directory = await plant.directory();
    const { server } = await plant.operator("127.0.0.1:0", first);
    const earlier = await plant.sidecar({ addresses: [server.address], directory });
    await until(() => server.fleet.summary("shop", 0).current === 1);
    await earlier.stop();
    let asked = 0;
    await plant.sidecar({
      addresses: [server.address],
      directory,
      load: (manifest, bytesOf, previous) =>
        loadAnything(
          manifest,
          (hash) => {
            asked++;
            return bytesOf(hash);
          },
          previous,
        ),
    });
    expect(asked).toBe(3);
  });
});

test("a compiled policy is loaded and shared shard by shard", async () => {
  const compiler = new DomainCompiler("shop");
  for (const name of ["acme", "globex"]) compiler.put(build("Organization", name, {}));
  const { book, server } = await plant.operator("127.0.0.1:0", compiler.compile({ Organization: "2" }));
  const sidecar = await plant.sidecar({ addresses: [server.address], load: Policy.load });
  await until(() => sidecar.snapshots.ready);
  const before = sidecar.snapshots.get("shop") as Policy;

  compiler.put(build("Organization", "globex", { suspended: true }));
  const changed = compiler.compile({ Organization: "3" });
  book.publish(changed);
  await arrives(sidecar, changed);
  const after = sidecar.snapshots.get("shop") as Policy;
  expect(after.organizations.get("acme")).toBe(before.organizations.get("acme"));
  expect(after.organizations.get("globex")).not.toBe(before.organizations.get("globex"));
});

test("a sidecar cut off goes stale at its bound, and fresh with the operator's return", async () => {
  const clock = new ManualClock();
  plant = new Plant(clock);
  const { server } = await plant.operator("127.0.0.1:0", first);
  const sidecar = await plant.sidecar({ addresses: [server.address], maxRestMs: 100_000 });
  const fresh = () => sidecar.snapshots.freshness("shop", clock.wallTime()).fresh;
  const turnUntil = async (condition: () => boolean) => {
    while (!condition()) {
      await clock.advance(100);
      await nextTurn();
    }
  };
  await arrives(sidecar, first);
  const contact = sidecar.snapshots.contact("shop") ?? 0;
  let over = false;
  void server.stop(0).then(() => {
    over = true;
  });
  await turnUntil(() => over);
  await clock.advance(contact + 299_999 - clock.wallTime());
  expect(fresh()).toBe(true);
  await clock.advance(1);
  expect(fresh()).toBe(false);

  await plant.operator(server.address, first);
  await turnUntil(fresh);
  expect(sidecar.heard.get("chunk")).toBe(3);
});
