import { expect, test } from "vitest";
import { compiledPolicy } from "../support/policies.ts";
import { nextTurn, until } from "../support/raw-sidecar.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { Plant } from "./plant.ts";

/** Numbers that look random and are the same in each run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A row of policies, each with another shard changed. */
function policies(random: () => number) {
  const ids = ["model", "platform", ...Array.from({ length: 6 }, (_, index) => `organization/${index}`)];
  const content = () => Buffer.alloc(1_000 + Math.floor(random() * 400_000), random() * 256);
  const shards = Object.fromEntries(ids.map((id) => [id, content()]));
  let version = 0;
  return () => {
    version++;
    shards[ids[Math.floor(random() * ids.length)] as string] = content();
    return compiledPolicy({ shards, position: { AccessRole: String(version) } });
  };
}

test.each([1, 2, 3])(
  "over a network that cuts at any byte the newest policy arrives whole (%i)",
  async (seed) => {
    const plant = new Plant();
    const random = sequence(seed);
    const next = policies(random);
    const { book, server } = await plant.operator();
    const published = new Set<string>();
    const publish = () => {
      const policy = next();
      published.add(policy.revision);
      book.publish(policy);
      return policy;
    };
    publish();
    const proxy = await startCuttingProxy(server.address, () => random() * 600_000);
    const sidecar = await plant.sidecar({ addresses: [proxy.address], directory: await plant.directory() });
    const seen: string[] = [];
    const positions: number[] = [];
    sidecar.snapshots.subscribe(({ revision, position }) => {
      seen.push(revision);
      positions.push(Number(position.AccessRole));
    });
    try {
      while (proxy.cuts < 30) {
        if (random() < 0.05) publish();
        await nextTurn();
      }
      proxy.calm();
      const last = publish();
      await until(() => server.fleet.summary("shop", 0).byRevision.has(last.revision));
      expect(sidecar.snapshots.get("shop")?.revision).toBe(last.revision);
      expect(seen.filter((revision) => !published.has(revision))).toEqual([]);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      expect(sidecar.lines.filter(({ msg }) => msg.startsWith("Refused"))).toEqual([]);
    } finally {
      await plant.end();
      await proxy.close();
    }
  },
);
