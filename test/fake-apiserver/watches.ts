import { failure, type Status } from "./api-error.ts";
import type { WatchSession } from "./watch-session.ts";

export type WatchMatcher = (session: WatchSession) => boolean;

const all: WatchMatcher = () => true;

/** All open watches, and what tests can do to them. */
export class Watches {
  readonly #open = new Set<WatchSession>();
  #silent = false;
  #bookmarks = true;
  #expiring = 0;

  get count(): number {
    return this.#open.size;
  }

  /** Whether watches that are opened now stay silent. */
  get silent(): boolean {
    return this.#silent;
  }

  add(session: WatchSession): void {
    session.bookmarks = this.#bookmarks;
    this.#open.add(session);
  }

  remove(session: WatchSession): void {
    session.detach();
    this.#open.delete(session);
  }

  /** Open watches stay open and never say anything again; so do new ones until `restore`. */
  silence(): void {
    this.#silent = true;
    for (const session of this.#open) session.silence();
  }

  /** New watches work again. The silent ones stay as they are, until their clients give up on them. */
  restore(): void {
    this.#silent = false;
  }

  /** Sends each open watch a bookmark now. */
  bookmark(match: WatchMatcher = all): void {
    for (const session of this.#matching(match)) session.bookmark();
  }

  /** Whether bookmarks are sent by time. */
  setBookmarks(on: boolean): void {
    this.#bookmarks = on;
    for (const session of this.#open) session.bookmarks = on;
  }

  /** Ends each open watch with an ERROR event 410, as after a compaction. */
  expire(match: WatchMatcher = all): void {
    for (const session of this.#matching(match)) session.fail(expiry());
  }

  /** Answers the next `count` new watches with nothing but an ERROR event 410. */
  expireNext(count: number): void {
    this.#expiring += count;
  }

  /** Whether a new watch is to expire at once; counts it. */
  takeExpiry(): boolean {
    if (this.#expiring === 0) return false;
    this.#expiring--;
    return true;
  }

  /** Ends each open watch in good order, as a server does after its own time limit. */
  end(match: WatchMatcher = all): void {
    for (const session of this.#matching(match)) session.close();
  }

  /** Writes bytes that are no event into each open watch. */
  garble(bytes: string | Uint8Array, match: WatchMatcher = all): void {
    for (const session of this.#matching(match)) session.writeRaw(bytes);
  }

  #matching(match: WatchMatcher): WatchSession[] {
    return [...this.#open].filter(match);
  }
}

/** What a watch is told whose history is gone. */
export function expiry(): Status {
  return failure(410, "Expired", "too old resource version");
}
