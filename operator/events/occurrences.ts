/**
 * Which of the things that happen are worth a write, after client-go's event correlator.
 *
 *   the same again      (object, type, reason, action and message) is counted, in the series of the event that there is
 *   much of a kind      (the same but for the message), more than 10 in 10 min: from then on one event for all of them
 *   too much of an object  25 writes at once and one more each 5 min; what is beyond is counted where it belongs to a
 *                       series, and otherwise dropped
 *
 * What happened last 6 min ago is no series any more: the next of it is a new event.
 */

import { LRUCache } from "lru-cache";
import { TokenBucket } from "../kube/rate-limits.ts";
import type { ObjectReference, RecordedEvent } from "./event-recorder.ts";

/** One event in the API, existing or to be. */
export interface Occurrence {
  readonly about: ObjectReference;
  readonly event: RecordedEvent;
  /** Its name in the API; undefined until it was created. */
  name: string | undefined;
  /** How often it happened. */
  count: number;
  /** When it happened first and last, in milliseconds since 1970. */
  readonly firstAt: number;
  lastAt: number;
}

/** Objects and events that are remembered. */
const REMEMBERED = 4096;
const BURST = 25;
const PER_SECOND = 1 / 300;
const [SIMILAR, SIMILAR_MS] = [10, 600_000];
const SERIES_MS = 360_000;

export const COMBINED = "(combined from similar events): ";

export class Occurrences {
  readonly #now: () => number;
  readonly #buckets = new LRUCache<string, TokenBucket>({ max: REMEMBERED });
  readonly #series = new LRUCache<string, Occurrence & { seenAt: number }>({ max: REMEMBERED });
  readonly #similar = new LRUCache<string, { messages: Set<string>; since: number }>({ max: REMEMBERED });

  /** @param now the monotonic clock, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param at when it happened, in milliseconds since 1970. @returns what to write; undefined: nothing */
  take(about: ObjectReference, event: RecordedEvent, at: number): Occurrence | undefined {
    const object = [about.kind, about.namespace ?? "", about.name, about.uid ?? ""].join("/");
    const kind = [object, event.type, event.reason, event.action].join("/");
    const isMany = this.#isMany(kind, event.message);
    const key = isMany ? kind : `${kind}/${event.message}`;
    const mayWrite = this.#mayWrite(object);
    const known = this.#series.get(key);
    if (known !== undefined && this.#now() - known.seenAt <= SERIES_MS) {
      known.seenAt = this.#now();
      known.count++;
      known.lastAt = at;
      return mayWrite ? known : undefined;
    }
    if (!mayWrite) return undefined;
    const told = isMany ? { ...event, message: COMBINED + event.message } : event;
    const times = { firstAt: at, lastAt: at, seenAt: this.#now() };
    const first = { about, event: told, name: undefined, count: 1, ...times };
    this.#series.set(key, first);
    return first;
  }

  #isMany(kind: string, message: string): boolean {
    let similar = this.#similar.get(kind);
    if (similar === undefined || this.#now() - similar.since > SIMILAR_MS) {
      similar = { messages: new Set(), since: this.#now() };
      this.#similar.set(kind, similar);
    }
    if (similar.messages.size <= SIMILAR) similar.messages.add(message);
    return similar.messages.size > SIMILAR;
  }

  #mayWrite(object: string): boolean {
    const bucket = this.#buckets.get(object) ?? new TokenBucket(PER_SECOND, BURST, this.#now);
    this.#buckets.set(object, bucket);
    return bucket.tryTake();
  }
}
