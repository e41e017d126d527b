import type { Logger } from "pino";
import { organizationHashes, Policy, type PolicyManifest } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";
import type { OnDemand } from "../delivery/domain-sync.ts";
import type { LoadPolicy } from "../last-known-good/restore-policy.ts";
import type { Snapshots } from "../snapshot/snapshots.ts";
import { BatchedFetch, type FetchShards } from "./batched-fetch.ts";
import { DiskFiller } from "./disk-filler.ts";
import type { WantedShard } from "./loader.ts";
import { OrganizationsOnDemand } from "./organizations-on-demand.ts";
import { ShardLoader } from "./shard-loader.ts";
import { createShardSource, type ShardStore } from "./shard-source.ts";

export interface ShardsOnDemandOptions {
  /** How many bytes of organizations' shards may be in memory for later. */
  readonly maxBytes: number;
  /** Where shards are kept, by domain; none for a domain without. */
  readonly stores: ReadonlyMap<string, ShardStore>;
  /** Asks the operator. */
  readonly fetch: FetchShards;
  readonly snapshots: Snapshots;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a sidecar does about shards of organizations that are not all in memory. */
export interface ShardsOnDemand {
  readonly loader: ShardLoader;
  /** Builds policies whose organizations are loaded when they are asked about. */
  readonly load: LoadPolicy;
  readonly onDemand: OnDemand;
  stop(): void;
}

/** How long a new policy waits for shards that are in use, in milliseconds; whatever comes later is loaded when it is asked about. */
const PREPARE_MS = 2_000;

/** Begins at once to bring to disk what policies list that are put in use. */
export function startShardsOnDemand(options: ShardsOnDemandOptions): ShardsOnDemand {
  const { maxBytes, stores, snapshots, clock, logger } = options;
  const fetch = new BatchedFetch(options.fetch);
  const source = createShardSource(stores, fetch, logger);
  const loader = new ShardLoader({ maxBytes, source, clock, logger });
  const fillers = new Map(
    [...stores].map(([domain, store]) => [domain, new DiskFiller({ domain, store, fetch, clock, logger })]),
  );
  const followed = new Map<string, string>();
  const end = snapshots.subscribe(({ domain, revision, manifest }) => {
    // Positions move on without other shards.
    if (followed.get(domain) === revision) return;
    followed.set(domain, revision);
    fillers.get(domain)?.follow(organizationHashes(manifest).values());
  });
  return {
    loader,
    load: (manifest, bytesOf, previous) =>
      Policy.load(manifest, bytesOf, previous, loader.organizations(manifest.domain)),
    onDemand: { prepare: (manifest) => prepare(manifest, snapshots, loader, clock) },
    stop() {
      end();
      for (const filler of fillers.values()) filler.stop();
    },
  };
}

/** Loads the shards that take the place of ones in memory, so that nobody has to wait for what was there a moment ago. */
async function prepare(
  manifest: PolicyManifest,
  snapshots: Snapshots,
  loader: ShardLoader,
  clock: Clock,
): Promise<void> {
  const wanted = changedShards(manifest, snapshots.get(manifest.domain), loader);
  if (wanted.length === 0) return;
  const loaded = Promise.allSettled(wanted.map((shard) => loader.fetch(shard)));
  let cancel = () => {};
  const enough = new Promise<void>((resolve) => {
    cancel = clock.after(PREPARE_MS, resolve);
  });
  await Promise.race([loaded, enough]);
  cancel();
}

function changedShards(
  manifest: PolicyManifest,
  current: Policy | undefined,
  loader: ShardLoader,
): WantedShard[] {
  const organizations = current?.organizations;
  if (!(organizations instanceof OrganizationsOnDemand)) return [];
  const { domain } = manifest;
  const wanted: WantedShard[] = [];
  for (const [name, hash] of organizationHashes(manifest)) {
    const old = organizations.hashes.get(name);
    if (old !== undefined && old !== hash && loader.has(old) && !loader.has(hash))
      wanted.push({ domain, name, hash, stays: true });
  }
  return wanted;
}
