import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { isResourceVersion, type Position } from "../../engine/model/position.ts";
import type { PolicyManifest } from "../../engine/policy/policy.ts";
import type { PolicyManifest as WireManifest } from "../../proto/generated/delivery.js";
import { hexOf } from "./shard-receiver.ts";

const HASH = /^[0-9a-f]{64}$/;
const KIND = /^[A-Za-z]{1,63}$/;

/** The manifest of a Commit in the engine's terms. Throws SG2006 on what no operator sends, SG2005 over a limit. */
export function readManifest(manifest: WireManifest): PolicyManifest {
  const { domain, revision } = manifest;
  if (!HASH.test(revision)) throw broken("the revision of a policy is not a SHA-256 digest");
  const { epoch, position } = readProgress(manifest.epoch, manifest.position, manifest.issuedAt);
  if (manifest.shards.length > deliveryLimits.shards) {
    throw new SidegateError("SG2005", `the policy has ${manifest.shards.length} shards`);
  }
  const shards = manifest.shards.map(({ id, hash }) => {
    if (id === "" || hash.length !== 32) throw broken("a shard has no id or no hash");
    return { id, hash: hexOf(hash) };
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
  const kinds = Object.keys(position);
  if (kinds.length > deliveryLimits.positionKinds) throw broken("a position has too many kinds");
  for (const kind of kinds) {
    if (!KIND.test(kind) || !isResourceVersion(position[kind] as string)) {
      throw broken("a position is not a decimal integer per kind");
    }
  }
  return { epoch, position };
}

/** An SG2006: the other side does not keep to the protocol. */
export function broken(problem: string): SidegateError {
  return new SidegateError("SG2006", problem);
}
