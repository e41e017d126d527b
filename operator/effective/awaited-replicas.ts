/**
 * Which replicas a leader waits for in one term.
 *
 *   uninformed  the reports of all replicas, as they are stored, have not been read in this term
 *   informed    they have; what is missing in them is nobody
 *
 *   uninformed -> informed (a refresh succeeds; at once where there is only this replica)
 *   A replica that came is waited for at once. One that is gone is waited for until its last report was read: it may name
 *   sidecars that have not been heard of.
 */
import type { Clock } from "../../host/clock.ts";
import type { LiveReplicas } from "../replica/live-replicas.ts";
import type { ReportFeed } from "./replica-report.ts";

/** The other replicas, and what they say. */
export interface Others {
  readonly replicas: LiveReplicas;
  readonly feed: ReportFeed;
}

export interface AwaitedReplicasOptions {
  /** The name of this replica. */
  readonly own: string;
  /** Absent: this is the only replica. */
  readonly others: Others | undefined;
  readonly clock: Clock;
  /** Told after `live` or `isInformed` may have changed. */
  readonly onChange: () => void;
}

const RETRY_MS = 1_000;

export class AwaitedReplicas {
  readonly #options: AwaitedReplicasOptions;
  #live: ReadonlySet<string>;
  #isInformed: boolean;
  #isStopped = false;
  #unsubscribe: () => void = () => {};
  #cancelRetry: () => void = () => {};

  constructor(options: AwaitedReplicasOptions) {
    this.#options = options;
    this.#isInformed = options.others === undefined;
    this.#live = this.#present();
  }

  /** The names of those that are waited for. */
  get live(): ReadonlySet<string> {
    return this.#live;
  }

  get isInformed(): boolean {
    return this.#isInformed;
  }

  start(): void {
    const { others } = this.#options;
    if (others === undefined) return;
    this.#unsubscribe = others.replicas.onChange(() => this.#recount(others));
    this.#recount(others);
  }

  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe();
    this.#cancelRetry();
  }

  #present(): ReadonlySet<string> {
    const { own, others } = this.#options;
    return new Set([own, ...(others?.replicas.live() ?? [])]);
  }

  #recount(others: Others): void {
    if (this.#isStopped) return;
    const { clock, onChange } = this.#options;
    const now = this.#present();
    this.#live = new Set([...this.#live, ...now]);
    onChange();
    if (this.#isInformed && [...this.#live].every((replica) => now.has(replica))) return;
    others.feed.refresh().then(
      () => {
        if (this.#isStopped) return;
        // Others may have gone meanwhile, whose reports may be newer than what was read; and some may have come.
        const present = this.#present();
        this.#live = new Set([...this.#live].filter((replica) => now.has(replica) || present.has(replica)));
        this.#isInformed = true;
        onChange();
      },
      () => {
        if (this.#isStopped) return;
        this.#cancelRetry();
        this.#cancelRetry = clock.after(RETRY_MS, () => this.#recount(others));
      },
    );
  }
}
