import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { DIGEST_BYTES, formatDigest, isDigest } from "../../engine/model/digest.ts";
import { isPosition, type Position } from "../../engine/model/position.ts";
import type { PolicyManifest } from "../../engine/policy/policy.ts";
import type { PolicyManifest as WireManifest } from "../../proto/generated/delivery.js";

/** The manifest of a Commit in the engine's terms. Throws SG2006 on what no operator sends, SG2005 over a limit. */
export function readManifest(manifest: WireManifest): PolicyManifest {
  const { domain, revision } = manifest;
  if (!isDigest(revision)) throw broken("the revision of a policy is not a SHA-256 digest");
  const { epoch, position } = readProgress(manifest.epoch, manifest.position, manifest.issuedAt);
  if (manifest.shards.length > deliveryLimits.shards) {
    throw new SidegateError("SG2005", `the policy has ${manifest.shards.length} shards`);
  }
  const shards = manifest.shards.map(({ id, hash }) => {
    if (id === "" || hash.length !== DIGEST_BYTES) throw broken("a shard has no id or no hash");
    return { id, hash: formatDigest(hash) };
  });
  return { domain, revision, epoch, position, shards };
}

/** Checks an epoch, a position and the time at which they were current. Throws SG2006. */
export function readProgress(
  epoch: number,
  position: Readonly<Record<string, string>>,
  issuedAt: number,
): { epoch: number; position: Position } {
  if (!Number.isSafeInteger(issuedAt) || issuedAt <= 0) throw broken("a message has no time of issue");
  if (!Number.isSafeInteger(epoch) || epoch < 0) throw broken("an epoch is not a whole number");
  if (!isPosition(position)) throw broken("a position is not a decimal integer per kind");
  return { epoch, position };
}

/** An SG2006: the other side does not keep to the protocol. */
export function broken(problem: string): SidegateError {
  return new SidegateError("SG2006", problem);
}
