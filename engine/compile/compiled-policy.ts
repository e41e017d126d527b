import { createHash } from "node:crypto";
import type { Position } from "../model/position.ts";

/** A part of a compiled policy, addressed by its content. */
export interface CompiledShard {
  /** "model", "platform", "organization/NAME", "directory/N" or "subjects/N". */
  readonly id: string;
  /** Hexadecimal SHA-256 of the bytes. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** What the operator delivers: immutable; two with the same revision decide alike. */
export interface CompiledPolicy {
  readonly domain: string;
  /** Hexadecimal SHA-256 of the shard list: the same objects give the same revision on every replica. */
  readonly revision: string;
  readonly epoch: number;
  readonly position: Position;
  /** Ordered by id. */
  readonly shards: readonly CompiledShard[];
  /**
   * The shards are not known: the policy can be confirmed to who has it, and given to nobody. Absent: they are.
   */
  readonly isConfirmedOnly?: true;
}

/** Hexadecimal SHA-256 of a shard's bytes. */
export function hashShard(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The revision of a policy with these shards, ordered by id: the hash of a line "id hash" for each. */
export function revisionOf(shards: readonly Pick<CompiledShard, "id" | "hash">[]): string {
  const hash = createHash("sha256");
  for (const shard of shards) hash.update(`${shard.id} ${shard.hash}\n`);
  return hash.digest("hex");
}
