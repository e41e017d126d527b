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

test.each([1, 2, 3])(
  "over a network that cuts at any byte the newest policy arrives whole (%i)",
  async (seed) => {
    const plant = new Plant();
    const random = sequence(seed);
    const pick = () => Buffer.alloc(1_000 + Math.floor(random() * 400_000), random() * 256);
    const ids = ["model", "platform", ...Array.from({ length: 6 }, (_, index) => `organization/${index}`)];
    const shards = Object.fromEntries(ids.map((id) => [id, pick()]));
    let version = 0;
    const next = () => {
      version++;
      shards[ids[Math.floor(random() * ids.length)] as string] = pick();
      return compiledPolicy({ shards, position: { AccessRole: String(version) } });
    };
    const last = next();
    const published = new Set([last.revision]);
    const { book, server } = await plant.operator("127.0.0.1:0", last);
    const proxy = await startCuttingProxy(server.address, () => random() * 600_000);
    const sidecar = await plant.sidecar({ addresses: [proxy.address], directory: await plant.directory() });
    try {
      const revisions = new Set<string>();
      const positions: number[] = [];
      sidecar.snapshots.subscribe((policy) => {
        revisions.add(policy.revision);
        positions.push(Number(policy.position.AccessRole));
      });
      let last = next();
      const published = new Set([last.revision]);
      while (proxy.cuts < 30) {
        if (random() < 0.05) {
          last = next();
          book.publish(last);
          published.add(last.revision);
        }
        await nextTurn();
      }
      proxy.calm();
      last = next();
      book.publish(last);
      await until(() => server.fleet.summary("shop", 0).byRevision.has(last.revision));
      expect(sidecar.snapshots.get("shop")?.revision).toBe(last.revision);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      expect(sidecar.lines.filter(({ msg }) => msg.startsWith("Refused"))).toEqual([]);
    } finally {
      await plant.end();
      await proxy.close();
    }
  },
);
