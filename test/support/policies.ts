import { type CompiledPolicy, hashShard, revisionOf } from "../../engine/compile/compiled-policy.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Position } from "../../engine/model/position.ts";
import type { Policy, PolicyManifest } from "../../engine/policy/policy.ts";

export interface PolicyParts {
  readonly domain?: string;
  readonly epoch?: number;
  readonly position?: Position;
  /** Content of the shards by id. */
  readonly shards: Readonly<Record<string, string | Uint8Array>>;
}

/** A compiled policy whose shards hold whatever the test likes. */
export function compiledPolicy(parts: PolicyParts): CompiledPolicy {
  const { domain = "shop", epoch = 0, position = { AccessRole: "1" } } = parts;
  const shards = Object.entries(parts.shards)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, content]) => {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      return { id, hash: hashShard(bytes), bytes };
    });
  return { domain, epoch, position, revision: revisionOf(shards), shards };
}

export function manifestOf({ domain, revision, epoch, position, shards }: CompiledPolicy): PolicyManifest {
  return { domain, revision, epoch, position, shards: shards.map(({ id, hash }) => ({ id, hash })) };
}

/**
 * Stands in for Policy.load where the content of shards does not matter: shares shards like the real one and refuses a
 * shard that begins with "bad". Its staleness bound is 300 s.
 */
export function loadAnything(
  manifest: PolicyManifest,
  bytesOf: (hash: string) => Uint8Array,
  previous?: Policy,
): Policy {
  for (const { hash } of manifest.shards) {
    if (previous?.hasShard(hash)) continue;
    const bytes = bytesOf(hash);
    if (hashShard(bytes) !== hash) throw new SidegateError("SG2002", `hash ${hash}`);
    if (Buffer.from(bytes).toString("latin1").startsWith("bad")) throw new Error("a bad shard");
  }
  return new AnyPolicy(manifest) as unknown as Policy;
}

class AnyPolicy {
  readonly manifest: PolicyManifest;
  readonly staleness = { maxSeconds: 300, then: "Deny" };
  readonly #hashes: ReadonlySet<string>;

  constructor(manifest: PolicyManifest) {
    this.manifest = manifest;
    this.#hashes = new Set(manifest.shards.map((shard) => shard.hash));
  }

  get domain(): string {
    return this.manifest.domain;
  }

  get revision(): string {
    return this.manifest.revision;
  }

  get epoch(): number {
    return this.manifest.epoch;
  }

  get position(): Position {
    return this.manifest.position;
  }

  hasShard(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  withPosition(position: Position, epoch: number): AnyPolicy {
    return new AnyPolicy({ ...this.manifest, position, epoch });
  }
}
