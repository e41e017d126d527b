import type { SidecarGroup } from "./replica-report.ts";

interface Listing {
  readonly since: number;
  /** The last report that had it. */
  report: number;
}

const NOBODY: ReadonlyMap<string, number> = new Map();

/**
 * Who is connected by the last report of a replica, and since when without a break. A report of a thousand sidecars comes with
 * every few acknowledgements; where nobody came or went, taking it makes nothing.
 */
export class Listings {
  readonly #byId = new Map<string, Listing>();
  #reports = 0;

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Since when a sidecar is listed, on the monotonic clock; undefined: it is not. */
  sinceOf(id: string): number | undefined {
    return this.#byId.get(id)?.since;
  }

  /** Takes what a new report lists. @returns who is not listed any more, and since when each had been */
  update(groups: readonly SidecarGroup[], now: number): ReadonlyMap<string, number> {
    const report = ++this.#reports;
    let listed = 0;
    for (const { connected } of groups) {
      for (const id of connected) {
        const known = this.#byId.get(id);
        // One that connects anew may be listed twice until its old stream has ended.
        if (known?.report !== report) listed++;
        if (known === undefined) this.#byId.set(id, { since: now, report });
        else known.report = report;
      }
    }
    return listed === this.#byId.size ? NOBODY : this.#takeOthers(report);
  }

  #takeOthers(report: number): ReadonlyMap<string, number> {
    const others = new Map<string, number>();
    for (const [id, listing] of this.#byId) {
      if (listing.report === report) continue;
      others.set(id, listing.since);
      this.#byId.delete(id);
    }
    return others;
  }
}
