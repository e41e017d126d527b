/**
 * The shards that sidecars may fetch: those of each domain's current policy, and for some minutes those that it no longer
 * lists, since a sidecar may still be deciding by an older policy.
 *
 *   current      listed by the policy that was published last
 *   superseded   listed by an earlier one; kept for five minutes, the oldest first to go beyond a bound of bytes
 *
 * A domain that goes out of the book keeps its shards: they are content, and vouch for nothing.
 */
import type { CompiledPolicy, CompiledShard } from "../../../engine/compile/compiled-policy.ts";
import type { Clock } from "../../../host/clock.ts";
import type { PolicyBook } from "../../policy-book.ts";
import { inOwnMemory } from "../push/in-own-memory.ts";

export interface RecentShardsOptions {
  readonly book: Pick<PolicyBook, "domains" | "current" | "subscribe">;
  readonly clock: Clock;
  /** How long superseded shards are kept, in milliseconds. Default: five minutes. */
  readonly keepMs?: number;
  /** Bytes of superseded shards that are kept, of all domains. Default: 64 MiB. */
  readonly keepBytes?: number;
}

interface Superseded {
  readonly domain: string;
  readonly shard: CompiledShard;
  readonly until: number;
}

type ByHash = ReadonlyMap<string, CompiledShard>;

export class RecentShards {
  readonly #options: RecentShardsOptions;
  readonly #current = new Map<
    string,
    { readonly shards: CompiledPolicy["shards"]; readonly byHash: ByHash }
  >();
  /** "<domain>/<hash>", the oldest first. */
  readonly #superseded = new Map<string, Superseded>();
  #bytes = 0;
  readonly #unsubscribe: () => void;

  constructor(options: RecentShardsOptions) {
    this.#options = options;
    const { book } = options;
    this.#unsubscribe = book.subscribe((domain) => this.#published(domain));
    for (const domain of book.domains()) this.#published(domain);
  }

  /** A shard of a domain, by its hash; undefined: none of its policies has listed it lately. */
  find(domain: string, hash: string): CompiledShard | undefined {
    this.#sweep();
    return this.#current.get(domain)?.byHash.get(hash) ?? this.#superseded.get(`${domain}/${hash}`)?.shard;
  }

  /** Bytes of superseded shards that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  stop(): void {
    this.#unsubscribe();
  }

  #published(domain: string): void {
    const policy = this.#options.book.current(domain);
    const before = this.#current.get(domain);
    if (policy === undefined || policy.isConfirmedOnly || policy.shards === before?.shards) return;
    const byHash = new Map(policy.shards.map((shard) => [shard.hash, shard]));
    this.#current.set(domain, { shards: policy.shards, byHash });
    const until = this.#options.clock.now() + (this.#options.keepMs ?? 300_000);
    for (const shard of before?.shards ?? []) if (!byHash.has(shard.hash)) this.#keep(domain, shard, until);
    for (const { hash } of policy.shards) this.#forget(`${domain}/${hash}`);
    this.#sweep();
  }

  #keep(domain: string, shard: CompiledShard, until: number): void {
    const key = `${domain}/${shard.hash}`;
    this.#forget(key);
    this.#superseded.set(key, { domain, shard: { ...shard, bytes: inOwnMemory(shard.bytes) }, until });
    this.#bytes += shard.bytes.length;
  }

  #forget(key: string): void {
    const kept = this.#superseded.get(key);
    if (kept === undefined) return;
    this.#superseded.delete(key);
    this.#bytes -= kept.shard.bytes.length;
  }

  #sweep(): void {
    const { clock, keepBytes = 64 * 1024 * 1024 } = this.#options;
    const now = clock.now();
    for (const [key, { until }] of this.#superseded) {
      if (until > now && this.#bytes <= keepBytes) return;
      this.#forget(key);
    }
  }
}
