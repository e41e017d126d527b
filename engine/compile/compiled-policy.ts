import { createHash } from "node:crypto";
import { SidegateError } from "../errors/sidegate-error.ts";
import type { Position } from "../model/position.ts";
import type { ObjectKey } from "../model/references.ts";

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
   * Keys of objects whose last change the content holds, although the position has not reached it. Absent: none.
   */
  readonly besides?: ReadonlySet<ObjectKey>;
  /**
   * The shards are not known: the policy can be confirmed to who has it, and given to nobody. Absent: they are.
   */
  readonly isConfirmedOnly?: true;
}

/** Hexadecimal SHA-256 of a shard's bytes. */
export function hashShard(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * The revision of a policy with these shards, ordered by id: the hash of a line "id hash" for each. INVARIANT: no other
 * list has it, since policies are signed by their revision alone. So no id may hold the end of a line: "a HASH\nb" would
 * stand for two shards, and a forger could leave one out.
 *
 * @throws SidegateError SG2002 for such an id
 */
export function revisionOf(shards: readonly Pick<CompiledShard, "id" | "hash">[]): string {
  const hash = createHash("sha256");
  for (const shard of shards) {
    if (shard.id.includes("\n"))
      throw new SidegateError("SG2002", "the id of a shard holds the end of a line");
    hash.update(`${shard.id} ${shard.hash}\n`);
  }
  return hash.digest("hex");
}
