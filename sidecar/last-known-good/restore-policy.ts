import type { Logger } from "pino";
import { mayReplace } from "../../engine/model/may-replace.ts";
import type { Policy, PolicyManifest } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";
import type { Snapshots } from "../snapshot/snapshots.ts";
import type { Verifier } from "../trust/verifier.ts";
import type { LastKnownGood } from "./last-known-good.ts";
import { contactIn, type StoredContact, type StoredPolicy } from "./stored-policy.ts";

/** Builds a policy from its shards; `Policy.load`. */
export type LoadPolicy = (
  manifest: PolicyManifest,
  bytesOf: (hash: string) => Uint8Array,
  previous?: Policy,
) => Policy;

export interface Restoring {
  readonly store: LastKnownGood;
  readonly snapshots: Snapshots;
  readonly load: LoadPolicy;
  /** Demands signatures. Default: what is on disk is believed. */
  readonly verifier?: Verifier | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How far the operator's clock may be ahead of this machine's, in milliseconds. */
const SKEW_MS = 5 * 60_000;

/**
 * Puts the last known good policy of a domain in use, before the operator is asked. Answers whether there was one that
 * can be trusted; whatever can not is set aside. Never throws.
 */
export async function restorePolicy(restoring: Restoring): Promise<boolean> {
  const { store, snapshots, clock, logger } = restoring;
  const stored = await store.readPolicy();
  if (stored === undefined) return false;
  const said = await believedContact(restoring, stored);
  if (said === undefined) return false;
  const trusted = trustedContact(said, restoring.verifier !== undefined, clock.wallTime());
  const contact = store.isCurrent ? trusted : { ...trusted, contactAt: 0 };
  // A time that can not be trusted now must not be trusted after the next restart either.
  if (contact.contactAt === 0) store.touch(contact);

  const { domain, revision, shards } = stored;
  const { epoch, position } = contact;
  const policy = await loadPolicy(restoring, { domain, revision, epoch, position, shards });
  if (policy === undefined) return false;
  store.adopt(stored);
  snapshots.restore(policy, contact.contactAt === 0 ? undefined : contact.contactAt);
  const facts = { domain, revision, contactAt: contact.contactAt };
  logger.info(facts, "Restored the last known good policy");
  return true;
}

/**
 * The last word about the stored policy. With a verifier it must be signed: the policy's own word will do, but it may be
 * older than the keys that are trusted, while that of the contact file was said a moment before the end. Nothing of what
 * the word is not about needs a signature, since its revision binds the list of shards. What is not believed is set aside.
 */
async function believedContact(
  { store, verifier }: Restoring,
  stored: StoredPolicy,
): Promise<StoredContact | undefined> {
  const own = contactIn(stored);
  const latest = latestContact(own, await store.readContact());
  if (verifier === undefined) return latest;
  const believe = ({ signature, keyId, ...word }: StoredContact) =>
    verifier.verify({ ...word, domain: stored.domain }, Buffer.from(signature, "base64"), keyId);
  for (const contact of latest === own ? [own] : [latest, own]) {
    try {
      believe(contact);
      return contact;
    } catch (error) {
      await store.reject(contact === own ? "policy" : "contact", error);
    }
  }
  return undefined;
}

/** The contact file counts where it is about the stored revision; otherwise what the policy came with. */
function latestContact(own: StoredContact, contact: StoredContact | undefined): StoredContact {
  return contact?.revision === own.revision && mayReplace(own, contact) ? contact : own;
}

/**
 * A contact in the future means that the clock went back, by nobody knows how much: then there was none.
 *
 * Where words are signed, none counts as said later than the operator says: whoever can write the file could otherwise keep
 * an old policy young. And whoever can turn the clock back as well could make a contact that is never in the future; so
 * the signed time must not be either, by more than the clocks of two machines differ.
 */
function trustedContact(contact: StoredContact, isSigned: boolean, wall: number): StoredContact {
  const { contactAt, issuedAt } = contact;
  const at = isSigned ? Math.min(contactAt, issuedAt) : contactAt;
  const isAhead = isSigned && issuedAt > wall + SKEW_MS;
  return { ...contact, contactAt: at > wall || isAhead ? 0 : at };
}

async function loadPolicy(restoring: Restoring, manifest: PolicyManifest): Promise<Policy | undefined> {
  let damaged: string | undefined;
  const bytesOf = (hash: string) => {
    damaged = hash;
    const bytes = restoring.store.readShard(hash);
    damaged = undefined;
    return bytes;
  };
  try {
    return restoring.load(manifest, bytesOf);
  } catch (error) {
    if (damaged !== undefined) await restoring.store.reject({ shard: damaged }, error);
    await restoring.store.reject("policy", error);
    return undefined;
  }
}
