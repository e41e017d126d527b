import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { Policy } from "../../engine/policy/policy.ts";
import type { Statement } from "../../engine/policy/statement.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { compiledPolicy, loadAnything, manifestOf } from "../../test/support/policies.ts";
import { createTestKey, type TestKey } from "../../test/support/signing.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import { Snapshots } from "../snapshot/snapshots.ts";
import { createVerifier } from "../trust/verifier.ts";
import { nodeDisk } from "./disk.ts";
import { LastKnownGood } from "./last-known-good.ts";
import { type LoadPolicy, restorePolicy } from "./restore-policy.ts";
import { encodeContact, encodePolicy, type StoredContact, type StoredPolicy } from "./stored-policy.ts";

const [old, key, stranger] = [createTestKey("old"), createTestKey("new"), createTestKey("stranger")];
const policy = compiledPolicy({ shards: { model: "m1", "organization/acme": "deny" } });
const wider = compiledPolicy({ shards: { model: "m1" } });
const MINUTE = 60_000;

type Shard = StoredPolicy["shards"][number];

let directory: string;
let clock: ManualClock;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sidegate-signed-"));
  clock = new ManualClock();
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function openStore() {
  const { logger, lines } = recordingLogger();
  const store = new LastKnownGood({ domain: "shop", directory, disk: nodeDisk, clock, logger });
  return { store, logger, lines };
}

/** What a process that trusts some keys makes of the directory. */
async function restore(trusted: readonly TestKey[] = [key], load: LoadPolicy = loadAnything) {
  const { store, logger, lines } = openStore();
  await store.prepare();
  const snapshots = new Snapshots({ domains: ["shop"], clock });
  const verifier = createVerifier(new Map(trusted.map(({ id, publicKey }) => [id, publicKey])));
  const restored = await restorePolicy({ store, snapshots, load, verifier, clock, logger });
  await store.close();
  const freshness = snapshots.freshness("shop", clock.wallTime());
  return { restored, isFresh: freshness.fresh, ageMs: snapshots.ageMs("shop"), snapshots, lines };
}

function signedBy(signer: TestKey, statement: Statement): Pick<StoredContact, "signature" | "keyId"> {
  const { signature, keyId } = signer.sign(statement);
  return { signature: signature.toString("base64"), keyId };
}

function storedAs(of: CompiledPolicy, signer: TestKey, issuedAt = clock.wallTime()): StoredPolicy {
  const manifest = manifestOf(of);
  return { ...manifest, issuedAt, contactAt: issuedAt, ...signedBy(signer, { ...manifest, issuedAt }) };
}

/** Keeps a policy as a sidecar does that got it now, and has heard nothing since. */
async function keep(signer: TestKey, change: Partial<StoredPolicy> = {}): Promise<StoredPolicy> {
  const { store } = openStore();
  await store.prepare();
  const stored = { ...storedAs(policy, signer), ...change };
  const bytes = new Map(policy.shards.map((shard) => [shard.hash, shard.bytes]));
  await store.save(stored, (hash) => bytes.get(hash));
  await store.close();
  await rm(join(directory, "contact"));
  return stored;
}

async function touch(signer: TestKey, change: Partial<StoredContact> = {}): Promise<StoredContact> {
  const issuedAt = clock.wallTime();
  const { domain, revision, epoch, position } = policy;
  const statement = { domain, revision, epoch, position: { ...position, Organization: "3" }, issuedAt };
  const { domain: _, ...words } = statement;
  const contact = { ...words, contactAt: issuedAt, ...signedBy(signer, statement), ...change };
  await writeFile(join(directory, "contact"), encodeContact(contact));
  return contact;
}

const tamper = (stored: StoredPolicy) => writeFile(join(directory, "policy"), encodePolicy(stored));
const setAside = async () => (await readdir(directory)).filter((name) => name.includes("damaged")).sort();

describe("a last known good that is signed", () => {
  test("is restored, and as old as its signed time says", async () => {
    await keep(key);
    await clock.advance(4 * MINUTE);
    expect(await restore()).toMatchObject({ restored: true, isFresh: true, ageMs: 4 * MINUTE });
  });

  test("is vouched for by the last word when its own key is not trusted any more", async () => {
    await keep(old);
    await clock.advance(2 * MINUTE);
    await touch(key);
    await clock.advance(MINUTE);
    const { restored, ageMs, snapshots } = await restore();
    expect([restored, ageMs]).toEqual([true, MINUTE]);
    expect(snapshots.get("shop")?.position).toEqual({ AccessRole: "1", Organization: "3" });
    expect(await setAside()).toEqual([]);
  });

  test("is refused with an old key alone", async () => {
    await keep(old);
    const { restored, lines } = await restore();
    expect(restored).toBe(false);
    expect(lines).toMatchObject([{ code: "SG2009", msg: "Set a damaged file of the last known good aside" }]);
    expect(await setAside()).toEqual(["policy.damaged-1"]);
    expect((await restore([old])).restored).toBe(false);
  });

  test("is restored by its own word when that of the contact file is forged, and no younger for it", async () => {
    await keep(key);
    await clock.advance(4 * MINUTE);
    await touch(stranger);
    expect(await restore()).toMatchObject({ restored: true, ageMs: 4 * MINUTE });
    expect(await setAside()).toEqual(["contact.damaged-1"]);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ["without a signature", () => keep(key, { signature: "", keyId: "" }), "SG2008"],
    ["by a stranger", () => keep(stranger), "SG2009"],
    ["by a stranger in another's name", () => keep(stranger, { keyId: "new" }), "SG2010"],
    ["with garbage for a signature", () => keep(key, { signature: "AAAA" }), "SG2010"],
    ["of another domain", () => keepForeign(), "SG2010"],
    ["with another list of shards", async () => tamper(await tamperedShards()), "SG2010"],
    ["with a higher epoch", async () => tamper({ ...(await keep(key)), epoch: 9 }), "SG2010"],
    ["with a later time", async () => later(), "SG2010"],
  ])("is refused %s", async (_, harm, code) => {
    await harm();
    const { restored, lines } = await restore();
    expect(restored).toBe(false);
    expect(lines).toMatchObject([{ code }]);
    expect(await setAside()).toEqual(["policy.damaged-1"]);
  });

  /** A forger signs for no domain but takes what was signed for another one. */
  async function keepForeign() {
    const bank = { ...manifestOf(policy), domain: "bank", issuedAt: clock.wallTime() };
    return keep(key, signedBy(key, bank));
  }

  /** A policy without the shard that denies, under the signature of the one with it. */
  async function tamperedShards(): Promise<StoredPolicy> {
    return { ...(await keep(key)), ...manifestOf(wider) };
  }

  async function later() {
    const stored = await keep(key);
    await clock.advance(60 * MINUTE);
    await tamper({ ...stored, issuedAt: clock.wallTime(), contactAt: clock.wallTime() });
  }

  test("is refused with the signed revision over another list of shards", async () => {
    await tamper({ ...(await keep(key)), shards: manifestOf(wider).shards });
    const { restored, lines } = await restore([key], Policy.load);
    expect(restored).toBe(false);
    expect(lines).toMatchObject([{ reason: expect.stringContaining("is not the hash of its shard list") }]);
  });

  test("is refused when an id stands for two shards, one of which is left out", async () => {
    const [first, second] = policy.shards.map(({ id, hash }) => ({ id, hash })) as [Shard, Shard];
    const merged = { id: `${first.id} ${first.hash}\n${second.id}`, hash: second.hash };
    await tamper({ ...(await keep(key)), shards: [merged] });
    const { restored, lines } = await restore([key], Policy.load);
    expect(restored).toBe(false);
    expect(lines).toMatchObject([{ reason: "the id of a shard holds the end of a line" }]);
  });
});

describe("the age of a last known good that is signed", () => {
  test("is not made younger by a forged time of contact", async () => {
    const stored = await keep(key);
    await clock.advance(30 * MINUTE);
    await tamper({ ...stored, contactAt: clock.wallTime() });
    await touch(key, { ...stored, contactAt: clock.wallTime() });
    expect(await restore()).toMatchObject({ restored: true, isFresh: false, ageMs: 30 * MINUTE });
  });

  test("is unknown when the clock went back behind the last contact, and stays so", async () => {
    await keep(key);
    clock.setWall(clock.wallTime() - MINUTE);
    expect(await restore()).toMatchObject({ restored: true, isFresh: false, ageMs: Infinity });
    await clock.advance(2 * MINUTE);
    expect(await restore()).toMatchObject({ isFresh: false, ageMs: Infinity });
  });

  test("is unknown when the signed time lies ahead, whatever the time of contact says", async () => {
    const stored = await keep(key);
    clock.setWall(clock.wallTime() - 60 * MINUTE);
    await touch(key, { ...stored, contactAt: clock.wallTime() });
    expect(await restore()).toMatchObject({ restored: true, isFresh: false, ageMs: Infinity });
  });

  test("counts from the contact where the operator's clock was a little ahead", async () => {
    const ahead = clock.wallTime() + 2 * MINUTE;
    await keep(key, { ...storedAs(policy, key, ahead), contactAt: clock.wallTime() });
    await clock.advance(MINUTE);
    expect(await restore()).toMatchObject({ restored: true, isFresh: true, ageMs: MINUTE });
  });
});
