import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { compiledPolicy, loadAnything, manifestOf } from "../../test/support/policies.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import { Snapshots } from "../snapshot/snapshots.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { wrap } from "./envelope.ts";
import { LastKnownGood } from "./last-known-good.ts";
import { restorePolicy } from "./restore-policy.ts";
import type { StoredPolicy } from "./stored-policy.ts";

let directory: string;
const clock = new ManualClock();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sidegate-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** A process with the directory: what it restores and what it logs. */
async function start(disk: Disk = nodeDisk) {
  const { logger, lines } = recordingLogger();
  const store = new LastKnownGood({ domain: "shop", directory, disk, clock, logger });
  await store.prepare();
  const snapshots = new Snapshots({ domains: ["shop"], clock });
  const restored = await restorePolicy({ store, snapshots, load: loadAnything, clock, logger });
  return { store, snapshots, restored, lines };
}

function stored(policy: CompiledPolicy, contactAt = clock.wallTime()): StoredPolicy {
  return { ...manifestOf(policy), issuedAt: contactAt, contactAt, signature: "", keyId: "" };
}

async function save(store: LastKnownGood, policy: CompiledPolicy, contactAt?: number): Promise<string[]> {
  const asked: string[] = [];
  const bytes = new Map(policy.shards.map((shard) => [shard.hash, shard]));
  await store.save(stored(policy, contactAt), (hash) => {
    asked.push(bytes.get(hash)?.id ?? "");
    return bytes.get(hash)?.bytes;
  });
  return asked;
}

const first = compiledPolicy({ shards: { model: "m1", platform: "p1", "organization/acme": "a1" } });
const second = compiledPolicy({
  shards: { model: "m1", platform: "p1", "organization/acme": "a2" },
  position: { AccessRole: "2" },
});
const shardFile = (policy: CompiledPolicy, id: string) =>
  join(directory, "shards", policy.shards.find((shard) => shard.id === id)?.hash ?? "");

describe("the last known good", () => {
  test("is nothing at first", async () => {
    const { restored, lines } = await start();
    expect(restored).toBe(false);
    expect(lines).toEqual([]);
  });

  test("survives a restart", async () => {
    const earlier = await start();
    await save(earlier.store, first);
    await earlier.store.close();
    const { restored, snapshots } = await start();
    expect(restored).toBe(true);
    expect(snapshots.get("shop")).toMatchObject({ revision: first.revision, position: first.position });
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(true);
  });

  test("writes only what changed and removes what is not used any more", async () => {
    const { store } = await start();
    expect((await save(store, first)).sort()).toEqual(["model", "organization/acme", "platform"]);
    expect(await save(store, second)).toEqual(["organization/acme"]);
    expect((await readdir(join(directory, "shards"))).sort()).toEqual(
      second.shards.map((shard) => shard.hash).sort(),
    );
  });

  test("writes only what changed after a restart too", async () => {
    const earlier = await start();
    await save(earlier.store, first);
    await earlier.store.close();
    const { store } = await start();
    expect(await save(store, second)).toEqual(["organization/acme"]);
  });

  test("is for its owner's eyes", async () => {
    const { store } = await start();
    await save(store, first);
    await store.close();
    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    expect(await mode(join(directory, "shards"))).toBe(0o700);
    for (const file of [join(directory, "policy"), join(directory, "contact"), shardFile(first, "model")]) {
      expect(await mode(file)).toBe(0o600);
    }
  });

  test("leaves nothing of a write that a crash cut short", async () => {
    const earlier = await start();
    await save(earlier.store, first);
    await earlier.store.close();
    await writeFile(join(directory, "shards", "ab.unfinished"), "half");
    await writeFile(join(directory, "policy.unfinished"), "half");
    const { store, restored } = await start();
    expect(restored).toBe(true);
    await save(store, second);
    expect(await readdir(join(directory, "shards"))).toHaveLength(3);
  });

  test("of another domain is not taken", async () => {
    const { store } = await start();
    await save(store, compiledPolicy({ domain: "bank", shards: { model: "m1" } }));
    const { restored, lines } = await start();
    expect(restored).toBe(false);
    expect(lines[0]).toMatchObject({ reason: 'it belongs to domain "bank"' });
  });
});

describe("damage", () => {
  const flip = async (path: string) => {
    const bytes = await readFile(path);
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
    await writeFile(path, bytes);
  };
  const policyFile = () => join(directory, "policy");
  const rows: { name: string; harm: () => Promise<unknown>; reason: string }[] = [
    { name: "a flipped bit in the policy file", harm: () => flip(policyFile()), reason: "checksum differs" },
    { name: "an empty policy file", harm: () => truncate(policyFile(), 0), reason: "the file is empty" },
    {
      name: "a policy file cut in its header",
      harm: () => truncate(policyFile(), 30),
      reason: "not the header",
    },
    {
      name: "a policy file cut in its body",
      harm: () => truncate(policyFile(), 200),
      reason: "checksum differs",
    },
    {
      name: "something else entirely",
      harm: () => writeFile(policyFile(), "hello\n"),
      reason: "not the header",
    },
    {
      name: "binary rubbish",
      harm: () => writeFile(policyFile(), Buffer.alloc(5_000, 0xff)),
      reason: "not the header",
    },
    {
      name: "a format version of the future",
      harm: () => writeFile(policyFile(), wrap("policy", 2, stored(first))),
      reason: "format version 2 is not known",
    },
    {
      name: "a file of another kind",
      harm: () => writeFile(policyFile(), wrap("contact", 1, stored(first))),
      reason: 'a file of kind "contact"',
    },
    {
      name: "right checksum, wrong content",
      harm: () => writeFile(policyFile(), wrap("policy", 1, { ...stored(first), epoch: "x" })),
      reason: '"epoch" is not a whole number',
    },
    {
      name: "right checksum, path instead of a hash",
      harm: () =>
        writeFile(
          policyFile(),
          wrap("policy", 1, { ...stored(first), shards: [{ id: "model", hash: "../../etc/passwd" }] }),
        ),
      reason: "not a SHA-256 digest",
    },
    {
      name: "right checksum, no object",
      harm: () => writeFile(policyFile(), wrap("policy", 1, null)),
      reason: "missing",
    },
    {
      name: "a flipped bit in a shard",
      harm: () => flip(shardFile(first, "platform")),
      reason: "can not be read whole",
    },
    {
      name: "an empty shard",
      harm: () => truncate(shardFile(first, "model"), 0),
      reason: "can not be read whole",
    },
    { name: "a missing shard", harm: () => rm(shardFile(first, "platform")), reason: "is missing" },
  ];

  test.each(rows)("$name is reported and never trusted", async ({ harm, reason }) => {
    const earlier = await start();
    await save(earlier.store, first);
    await earlier.store.close();
    await harm();
    const { restored, snapshots, lines, store } = await start();
    expect(restored).toBe(false);
    expect(snapshots.get("shop")).toBeUndefined();
    expect(lines[0]).toMatchObject({ code: "SG2201", reason: expect.stringContaining(reason) });
    expect(lines[0]?.path).toContain(directory);
    expect((await readdir(directory)).some((name) => name.endsWith(".damaged-1"))).toBe(true);

    // The next policy is kept whole again, whatever the disk held.
    await save(store, first);
    await store.close();
    expect((await start()).restored).toBe(true);
  });

  test("is kept three times for a person to look at, the last ones", async () => {
    for (let count = 0; count < 5; count++) {
      await writeFile(join(directory, "policy"), `damage ${count}`);
      await start();
    }
    const names = (await readdir(directory)).filter((name) => name.includes("damaged")).sort();
    expect(names).toEqual(["policy.damaged-3", "policy.damaged-4", "policy.damaged-5"]);
    expect(await readFile(join(directory, "policy.damaged-5"), "utf8")).toBe("damage 4");
  });

  test("of the contact file makes the policy as old as its arrival, not younger", async () => {
    const earlier = await start();
    await save(earlier.store, first, clock.wallTime() - 200_000);
    earlier.store.touch({ ...stored(first), contactAt: clock.wallTime() });
    await earlier.store.close();
    await writeFile(join(directory, "contact"), "");
    const { restored, snapshots } = await start();
    expect(restored).toBe(true);
    expect(snapshots.ageMs("shop")).toBe(200_000);
  });

  test("that can not be set aside is still not trusted", async () => {
    await writeFile(join(directory, "policy"), "");
    const disk = { ...nodeDisk, rename: () => Promise.reject(systemError("EROFS")) };
    const { restored, lines } = await start(disk);
    expect(restored).toBe(false);
    expect(lines[0]).toMatchObject({ msg: expect.stringContaining("Could not set a damaged file") });
  });
});

describe("the age of a policy", () => {
  test("is that of the last contact, also after a restart", async () => {
    const earlier = await start();
    await save(earlier.store, first);
    const contactAt = clock.wallTime() + 60_000;
    await clock.advance(60_000);
    earlier.store.touch({ ...stored(first), contactAt, position: { AccessRole: "5" } });
    await earlier.store.close();
    await clock.advance(100_000);
    const { snapshots } = await start();
    expect(snapshots.ageMs("shop")).toBe(100_000);
    expect(snapshots.get("shop")?.position).toEqual({ AccessRole: "5" });
  });

  test("ignores a contact about another revision", async () => {
    const earlier = await start();
    await save(earlier.store, first, clock.wallTime() - 200_000);
    earlier.store.touch({ ...stored(second), contactAt: clock.wallTime() });
    await earlier.store.close();
    const { snapshots } = await start();
    expect(snapshots.ageMs("shop")).toBe(200_000);
    expect(snapshots.get("shop")?.position).toEqual(first.position);
  });

  test("is unknown once the clock went back, and stays so over restarts", async () => {
    const earlier = await start();
    const contactAt = clock.wallTime();
    await save(earlier.store, first);
    await earlier.store.close();
    clock.setWall(contactAt - 3_600_000);
    const back = await start();
    expect(back.restored).toBe(true);
    expect(back.snapshots.freshness("shop", clock.wallTime()).fresh).toBe(false);
    await back.store.close();
    clock.setWall(contactAt + 1);
    const later = await start();
    expect(later.snapshots.freshness("shop", clock.wallTime()).fresh).toBe(false);
  });

  test("is written at most once a second, the newest at last", async () => {
    let writes = 0;
    const disk: Disk = {
      ...nodeDisk,
      async write(path, bytes, sync) {
        if (path.includes("contact")) writes++;
        await nodeDisk.write(path, bytes, sync);
      },
    };
    const { store } = await start(disk);
    for (let count = 1; count <= 100; count++) store.touch({ ...stored(first), contactAt: count });
    await store.close();
    expect(writes).toBe(2);
    expect(await readFile(join(directory, "contact"), "utf8")).toContain('"contactAt":100,');
  });
});

describe("a disk that fails", () => {
  test("is reported, tried again and caught up with", async () => {
    let full = true;
    const disk: Disk = {
      ...nodeDisk,
      write: (path, bytes, sync) =>
        full ? Promise.reject(systemError("ENOSPC")) : nodeDisk.write(path, bytes, sync),
    };
    const { store, lines } = await start(disk);
    await expect(save(store, first)).rejects.toMatchObject({ code: "SG2202" });
    // The next policy does not bring along what the disk lacks of the first.
    const changed = second.shards.find((shard) => shard.id === "organization/acme");
    const bytesOf = (hash: string) => (hash === changed?.hash ? changed.bytes : undefined);
    await expect(store.save(stored(second), bytesOf)).rejects.toMatchObject({ code: "SG2202" });
    full = false;
    await clock.advance(30_000);
    await store.close();
    expect(lines.at(-1)).toMatchObject({ msg: "Keeps its policy on disk again" });
    expect((await start()).snapshots.get("shop")?.revision).toBe(second.revision);
  });

  test("keeps no policy older than the one in use, by which a restart would honour what was revoked", async () => {
    const earlier = await start();
    await save(earlier.store, first);
    await earlier.store.close();
    const disk: Disk = {
      ...nodeDisk,
      write: (path, bytes, sync) =>
        path.includes("policy") ? Promise.reject(systemError("ENOSPC")) : nodeDisk.write(path, bytes, sync),
    };
    const failing = await start(disk);
    await expect(save(failing.store, second)).rejects.toMatchObject({ code: "SG2202" });
    await failing.store.close();
    expect((await start()).restored).toBe(false);
  });

  test("that turned read only has a policy that nobody decides by before it is confirmed", async () => {
    const earlier = await start();
    await save(earlier.store, first);
    await earlier.store.close();
    const readOnly = () => Promise.reject(systemError("EROFS"));
    const { restored, snapshots } = await start({ ...nodeDisk, write: readOnly, rename: readOnly });
    expect(restored).toBe(true);
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(false);
  });

  test("that is read-only is reported once and costs no memory or tries", async () => {
    const timers = clock.waiting;
    const readOnly = () => Promise.reject(systemError("EROFS"));
    const disk: Disk = { ...nodeDisk, makeDirectory: readOnly, write: readOnly, rename: readOnly };
    const { store, lines } = await start(disk);
    expect(lines[0]).toMatchObject({ msg: "Runs without keeping its policy on disk" });
    let asked = 0;
    const count = () => {
      asked++;
      return undefined;
    };
    await expect(store.save(stored(first), count)).rejects.toMatchObject({ code: "SG2202" });
    store.touch(stored(first));
    expect(asked).toBe(0);
    expect(clock.waiting).toBe(timers);
  });
});

describe("a policy that is given up", () => {
  test("is decided by only once it is confirmed, so that nobody need wait for a sidecar that said goodbye", async () => {
    const earlier = await start();
    await save(earlier.store, first);
    expect(await earlier.store.giveUp()).toBe(true);
    earlier.store.touch({ ...stored(first), contactAt: clock.wallTime() });
    await expect(save(earlier.store, second)).rejects.toMatchObject({ code: "SG2202" });
    await earlier.store.close();
    const { restored, snapshots } = await start();
    expect(restored).toBe(true);
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(false);
    snapshots.renew("shop", first.revision, first.epoch, first.position, clock.wallTime());
    expect(snapshots.freshness("shop", clock.wallTime()).fresh).toBe(true);
  });

  test("is taken off a full disk", async () => {
    let isFull = false;
    const full: Disk["write"] = (path, bytes, sync) =>
      isFull ? Promise.reject(systemError("ENOSPC")) : nodeDisk.write(path, bytes, sync);
    const { store } = await start({ ...nodeDisk, write: full });
    await save(store, first);
    isFull = true;
    expect(await store.giveUp()).toBe(true);
    expect((await start()).restored).toBe(false);
  });

  test("is not given up where it can not be taken off the disk", async () => {
    let isBroken = false;
    const fail = () => Promise.reject(systemError("EIO"));
    const disk: Disk = {
      ...nodeDisk,
      write: (...args) => (isBroken ? fail() : nodeDisk.write(...args)),
      remove: (path) => (isBroken ? fail() : nodeDisk.remove(path)),
    };
    const { store } = await start(disk);
    await save(store, first);
    isBroken = true;
    expect(await store.giveUp()).toBe(false);
  });
});

function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}
