import { describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { type Commit, type Progress, SyncResponse } from "../../proto/generated/delivery.js";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { compiledPolicy, loadAnything } from "../../test/support/policies.ts";
import { createTestKey, type TestKey } from "../../test/support/signing.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import type { LastKnownGood } from "../last-known-good/last-known-good.ts";
import type { StoredContact } from "../last-known-good/stored-policy.ts";
import { Snapshots } from "../snapshot/snapshots.ts";
import { createVerifier } from "../trust/verifier.ts";
import { DomainSync } from "./domain-sync.ts";

const [a, b] = [createTestKey("a"), createTestKey("b")];
const first = compiledPolicy({ shards: { model: "m1" } });
const second = compiledPolicy({ shards: { model: "m2" }, position: { AccessRole: "2" } });
const same = compiledPolicy({ domain: "bank", shards: { model: "m1" } });

/** A domain whose sidecar trusts key "a", until the test changes that. */
function setUp() {
  const clock = new ManualClock();
  const { logger, lines } = recordingLogger();
  const snapshots = new Snapshots({ domains: ["shop"], clock });
  const trusted = new Map([[a.id, a.publicKey]]);
  const touched: StoredContact[] = [];
  const store = { save: async () => {}, touch: (contact: StoredContact) => void touched.push(contact) };
  const sync = new DomainSync({
    ...{ domain: "shop", snapshots, load: loadAnything, limits: deliveryLimits, logger },
    store: store as unknown as LastKnownGood,
    verifier: createVerifier(trusted),
  });
  const push = (commit: Commit, policy: CompiledPolicy = first) => {
    for (const { hash, bytes } of policy.shards)
      sync.chunk({ domain: "shop", hash: Buffer.from(hash, "hex"), data: bytes, last: true });
    return sync.commit(commit);
  };
  const complaints = () => lines.filter(({ level }) => level >= 50);
  return { clock, snapshots, trusted, touched, sync, push, complaints };
}

/** As over the wire. */
function commitOf(policy: CompiledPolicy, signer: TestKey | undefined, change: object = {}): Commit {
  const issuedAt = Date.UTC(2026, 0, 1);
  const shards = policy.shards.map(({ id, hash }) => ({ id, hash: Buffer.from(hash, "hex"), size: 2 }));
  const commit = {
    policy: { ...policy, issuedAt, shards, ...change },
    ...signer?.sign({ ...policy, issuedAt }),
  };
  return SyncResponse.decode(SyncResponse.encode({ commit }).finish()).commit as Commit;
}

function progressOf(policy: CompiledPolicy, signer: TestKey | undefined, issuedAt: number): Progress {
  const { domain, revision, epoch, position } = policy;
  const statement = { domain, revision, epoch, position, issuedAt };
  const progress = { ...statement, ...signer?.sign(statement) };
  return SyncResponse.decode(SyncResponse.encode({ progress }).finish()).progress as Progress;
}

/** With other fields; a spread would lose those that a message has of its prototype. */
function changed(progress: Progress, fields: Partial<Progress>): Progress {
  return Object.assign(progress, fields);
}

describe("a policy that must be signed", () => {
  test("is swapped in with the signature of a trusted key", async () => {
    const { push, snapshots } = setUp();
    expect(await push(commitOf(first, a))).toEqual({ ack: { domain: "shop", revision: first.revision } });
    expect(snapshots.get("shop")?.revision).toBe(first.revision);
  });

  test.each<[string, Commit, string]>([
    ["without a signature", commitOf(first, undefined), "SG2008"],
    ["signed by an unknown key", commitOf(first, b), "SG2009"],
    ["signed for another domain", commitOf(same, a, { domain: "shop" }), "SG2010"],
    [
      "with another revision under the signature",
      commitOf(first, a, { revision: second.revision }),
      "SG2010",
    ],
    ["with a later time of issue", commitOf(first, a, { issuedAt: Date.UTC(2027, 0, 1) }), "SG2010"],
    ["with a raised epoch", commitOf(first, a, { epoch: 7 }), "SG2010"],
    ["with a position that hides changes", commitOf(first, a, { position: { AccessRole: "9" } }), "SG2010"],
  ])("is refused %s", async (_, commit, code) => {
    const { push, snapshots } = setUp();
    expect(await push(commit)).toMatchObject({ nack: { domain: "shop", code } });
    expect(snapshots.get("shop")).toBeUndefined();
  });

  test("is refused while the one in use stays, and that is logged once for a revision", async () => {
    const { push, snapshots, complaints } = setUp();
    await push(commitOf(first, a));
    for (let times = 0; times < 5; times++)
      expect(await push(commitOf(second, b), second)).toMatchObject({ nack: { code: "SG2009" } });
    expect(snapshots.get("shop")?.revision).toBe(first.revision);
    expect(complaints()).toMatchObject([{ code: "SG2009", revision: second.revision, domain: "shop" }]);
  });

  test("is taken once its key is trusted, and complained of anew when that ends", async () => {
    const { push, trusted, complaints } = setUp();
    await push(commitOf(first, b));
    trusted.set(b.id, b.publicKey);
    expect(await push(commitOf(first, b))).toHaveProperty("ack");
    trusted.delete(b.id);
    await push(commitOf(second, b), second);
    expect(complaints().map(({ revision }) => revision)).toEqual([first.revision, second.revision]);
  });

  test("does not come back by a replayed Commit", async () => {
    const { push, snapshots } = setUp();
    const replayed = commitOf(first, a);
    await push(replayed);
    await push(commitOf(second, a), second);
    expect(await push(replayed)).toMatchObject({ nack: { code: "SG2004" } });
    expect(snapshots.get("shop")?.revision).toBe(second.revision);
  });
});

describe("the word that a signed policy is current", () => {
  test("renews its age, and is kept with its own signature", async () => {
    const { push, sync, clock, snapshots, touched } = setUp();
    await push(commitOf(first, a));
    await clock.advance(60_000);
    const later = { ...first, position: { AccessRole: "1", Membership: "5" } };
    const progress = progressOf(later, a, clock.wallTime());
    expect(sync.progress(progress)).toBe(true);
    expect(snapshots.ageMs("shop")).toBe(0);
    const [{ signature, ...words }] = touched as [StoredContact];
    createVerifier(new Map([[a.id, a.publicKey]])).verify(
      { ...words, domain: "shop" },
      Buffer.from(signature, "base64"),
      words.keyId,
    );
  });

  test.each<[string, (now: number) => Progress]>([
    ["without a signature", (now) => progressOf(first, undefined, now)],
    ["of an unknown key", (now) => progressOf(first, b, now)],
    ["about another domain", (now) => changed(progressOf(same, a, now), { domain: "shop" })],
    [
      "with a later time than was signed",
      (now) => changed(progressOf(first, a, now - 60_000), { issuedAt: now }),
    ],
  ])("renews nothing %s, and that is logged once", async (_, forge) => {
    const { push, sync, clock, snapshots, complaints, touched } = setUp();
    await push(commitOf(first, a));
    await clock.advance(60_000);
    for (let times = 0; times < 5; times++) expect(sync.progress(forge(clock.wallTime()))).toBe(false);
    expect([snapshots.ageMs("shop"), touched.length]).toEqual([60_000, 0]);
    expect(complaints()).toMatchObject([{ msg: "Does not believe that a policy is current" }]);
  });

  test("makes nothing younger when it is replayed", async () => {
    const { push, sync, clock, snapshots } = setUp();
    await push(commitOf(first, a));
    const recorded = progressOf(first, a, clock.wallTime());
    await clock.advance(60_000);
    sync.progress(recorded);
    expect(snapshots.ageMs("shop")).toBe(60_000);
  });

  test("goes on when the keys rotate while connected", async () => {
    const { push, sync, clock, snapshots, trusted, complaints } = setUp();
    await push(commitOf(first, a));
    trusted.set(b.id, b.publicKey);
    await clock.advance(60_000);
    sync.progress(progressOf(first, b, clock.wallTime()));
    trusted.delete(a.id);
    await clock.advance(60_000);
    expect(sync.progress(progressOf(first, b, clock.wallTime()))).toBe(true);
    expect([snapshots.ageMs("shop"), complaints()]).toEqual([0, []]);
  });
});
