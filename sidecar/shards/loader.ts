import type { LoadedGrants } from "../../engine/policy/loaded-grants.ts";

/** Which shard is wanted. */
export interface WantedShard {
  readonly domain: string;
  /** Of the organization. */
  readonly name: string;
  readonly hash: string;
  /** Whether it is to be resident. */
  readonly stays: boolean;
}

/** How long a question waits for a shard. */
export interface Patience {
  /** When it gives up, in milliseconds since 1970; Infinity: it waits some seconds for each shard. */
  readonly deadline: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What the organizations of a policy need, to have their shards loaded when they are asked about. */
export interface Loader {
  /** A shard that is resident, as one that has been used now. */
  resident(hash: string): LoadedGrants | undefined;
  /**
   * Loads a shard. Rejects with SG3004 where it is not to be had, at the deadline and when too many wait, and with the
   * signal's reason.
   */
  load(wanted: WantedShard, patience: Patience): Promise<LoadedGrants>;
  /** The same without a bound in time, for what nobody waits for. */
  fetch(wanted: WantedShard): Promise<LoadedGrants>;
}
