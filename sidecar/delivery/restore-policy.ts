import type { Logger } from "pino";
import { mayReplace } from "../../engine/model/may-replace.ts";
import type { Policy, PolicyManifest } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";
import type { Snapshots } from "../snapshot/snapshots.ts";
import { contactIn, type LastKnownGood } from "./last-known-good.ts";
import type { StoredContact, StoredPolicy } from "./stored-policy.ts";

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
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Puts the last known good policy of a domain in use, before the operator is asked. Answers whether there was one that
 * can be trusted; whatever can not is set aside. Never throws.
 */
export async function restorePolicy(restoring: Restoring): Promise<boolean> {
  const { store, snapshots, clock, logger } = restoring;
  const stored = await store.readPolicy();
  if (stored === undefined) return false;
  const contact = trustedContact(latestContact(stored, await store.readContact()), clock.wallTime());
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

/** The contact file counts where it is about the stored revision; otherwise what the policy came with. */
function latestContact(stored: StoredPolicy, contact: StoredContact | undefined): StoredContact {
  const own = contactIn(stored);
  return contact?.revision === stored.revision && mayReplace(own, contact) ? contact : own;
}

/** A contact in the future means that the clock went back, by nobody knows how much: then there was none. */
function trustedContact(contact: StoredContact, wall: number): StoredContact {
  return contact.contactAt <= wall ? contact : { ...contact, contactAt: 0 };
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
