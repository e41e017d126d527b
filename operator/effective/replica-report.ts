import type { Position } from "../../engine/model/position.ts";
import type { ActivePolicy } from "../fleet/fleet.ts";

/** What one replica says of its sidecars, at one instant. */
export interface ReplicaReport {
  readonly replica: string;
  /**
   * How far it has read each kind. Where a domain is not among `domains`, nothing was read of it that is not published: who
   * asks for that domain is given a policy with everything up to here, or none.
   */
  readonly position: Position;
  readonly domains: ReadonlyMap<string, DomainReport>;
}

export interface DomainReport {
  /**
   * What it gives to sidecars. Without a revision it gives them nothing until it has a policy with everything up to that
   * position.
   */
  readonly published: ActivePolicy;
  readonly groups: readonly SidecarGroup[];
  /** Ids of sidecars that said goodbye lately and have not come back. */
  readonly departed: readonly string[];
  /** Those that may decide by something else than what is published, the longest first, at most 20. */
  readonly laggards: readonly Laggard[];
  /** The longest time that one of them may go on without a word from an operator, in seconds. */
  readonly staleSeconds: number;
}

/** Sidecars that decide by the same content. */
export interface SidecarGroup {
  /** What they decide by, at the lowest of their positions; undefined: they have no policy. */
  readonly active: ActivePolicy | undefined;
  /** Whether no push is under way, so that `active` is all that they may decide by. */
  readonly isSettled: boolean;
  /** Ids of those that are connected. */
  readonly connected: readonly string[];
  /** Ids of those whose stream ended without a goodbye, within `staleSeconds`. */
  readonly lost: readonly string[];
}

/** A sidecar that lacks what its replica has published. */
export interface Laggard {
  readonly id: string;
  /** How people know it. */
  readonly sidecar: string;
  /** The revision that it decides by; empty: none. */
  readonly revision: string;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
  /** The code of its last refusal. */
  readonly refused?: string | undefined;
}

/** What the replicas say. */
export interface ReportFeed {
  /** The last report of each replica, this one's included. */
  reports(): Iterable<ReplicaReport>;
  /** Reads all reports as they are stored now, so that none is older than the call. */
  refresh(): Promise<void>;
  /** Calls `listener` with each report that comes, and with the name of a replica whose report went. */
  subscribe(listener: (report: ReplicaReport | string) => void): () => void;
}
