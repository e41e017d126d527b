import { describe, expect, test } from "vitest";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { loadOrganization } from "../../engine/policy/policy.ts";
import { compiledOf } from "../../test/integration/sidecar-fixture.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { build } from "../../test/worlds/build.ts";
import type { WantedShard } from "./loader.ts";
import { ShardLoader } from "./shard-loader.ts";

const names = ["a", "b", "c"];
const { domain, shards } = compiledOf(names.map((name) => build("Organization", name, {})));
const shardOf = (name: string) => shards.find(({ id }) => id === `organization/${name}`)!;
const wanted = (name: string, stays = true): WantedShard => ({
  ...{ domain, name, hash: shardOf(name).hash, stays },
});

/** A loader whose source answers when the test says so. */
function tools(maxBytes = 1_000_000, maxWaiting = 10) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const answers: ((error?: unknown) => void)[] = [];
  const source = {
    read(_domain: string, hash: string) {
      asked.push(hash);
      const { bytes } = shards.find((shard) => shard.hash === hash)!;
      return new Promise<Uint8Array>((resolve, reject) => {
        answers.push((error) => (error === undefined ? resolve(bytes) : reject(error)));
      });
    },
  };
  const loader = new ShardLoader({ maxBytes, source, clock, logger: silent, maxWaiting });
  const gone = new AbortController();
  const patience = (ms = Infinity) => ({ deadline: clock.wallTime() + ms, signal: gone.signal });
  const answer = (error?: unknown) => {
    for (const tell of answers.splice(0)) tell(error);
  };
  return { loader, clock, asked, answer, gone, patience };
}

describe("a loader of shards", () => {
  test("asks once for all who wait, and not for what is resident", async () => {
    const { loader, asked, answer, patience } = tools();
    const both = Promise.all([loader.load(wanted("a"), patience()), loader.load(wanted("a"), patience())]);
    expect(loader.waiting).toBe(2);
    answer();
    const [one, other] = await both;
    expect(one).toBe(other);
    expect(await loader.load(wanted("a"), patience())).toBe(one);
    expect(asked).toHaveLength(1);
    expect(loader.waiting).toBe(0);
  });

  test("keeps what was used last, within its bound", async () => {
    const roomForTwo = 2.5 * loadOrganization("a", shardOf("a").bytes).bytes;
    const { loader, answer, patience } = tools(roomForTwo);
    for (const name of names) {
      const loading = loader.load(wanted(name), patience());
      answer();
      await loading;
      // So that "a" is never the one that was used longest ago.
      loader.resident(shardOf("a").hash);
    }
    expect(names.map((name) => loader.has(shardOf(name).hash))).toEqual([true, false, true]);
    expect(loader.held.bytes).toBeLessThanOrEqual(roomForTwo);
  });

  test("keeps nothing of a walk, and no shard beyond the bound", async () => {
    const { loader, answer, patience } = tools(1_000);
    for (const stays of [false, true]) {
      const loading = loader.load(wanted("a", stays), patience());
      answer();
      expect((await loading).organization).toBe("a");
      expect(loader.held.shards).toBe(0);
    }
  });

  test("gives up at the deadline, and has the shard for the next", async () => {
    const { loader, clock, answer, patience } = tools();
    const refused = expect(loader.load(wanted("a"), patience(50))).rejects.toMatchObject({ code: "SG3004" });
    await clock.advance(50);
    await refused;
    answer();
    expect((await loader.load(wanted("a"), patience())).organization).toBe("a");
  });

  test("lets nobody wait for ever, nor more than it may, nor whoever has gone", async () => {
    const { loader, clock, gone, patience } = tools(1_000_000, 1);
    const forEver = expect(loader.load(wanted("a"), patience())).rejects.toMatchObject({ code: "SG3004" });
    await expect(loader.load(wanted("b"), patience())).rejects.toMatchObject({ code: "SG3004" });
    await clock.advance(5_000);
    await forEver;
    const left = loader.load(wanted("b"), patience());
    gone.abort();
    await expect(left).rejects.toThrow("abort");
    expect(loader.waiting).toBe(0);
  });

  test("passes on what the source says, names no organization, and asks anew afterwards", async () => {
    const { loader, asked, answer, patience } = tools();
    const errors = [new SidegateError("SG3004", "it is gone"), new Error("organization/a is odd")];
    for (const error of errors) {
      const loading = loader.load(wanted("a"), patience());
      answer(error);
      const said = await loading.catch((thrown: Error) => thrown.message);
      expect(said).not.toContain("organization/a");
    }
    expect(asked).toHaveLength(2);
  });

  test("refuses a shard that is another organization's", async () => {
    const { loader, answer, patience } = tools();
    const loading = loader.load({ ...wanted("a"), name: "b" }, patience());
    answer();
    await expect(loading).rejects.toMatchObject({ code: "SG3004" });
  });
});
