/**
 * Keys that wait for work, after client-go's util/workqueue, in two lanes.
 *
 *   A key is  idle        unknown to the queue
 *             waiting     in a lane; adding it again changes nothing, except that it may move to the faster lane
 *             processing  taken and not done
 *             dirty       processing, and added again since
 *
 *   idle -> waiting (add) -> processing (take) -> idle (done)
 *                            processing -> dirty (add) -> waiting (done)
 *
 * INVARIANT: no key is taken while it is processing, so no two workers ever hold the same one.
 */

/** Interactive keys are always taken first: what a person has just changed goes before what a whole domain needs. */
export type Lane = "interactive" | "background";

export interface Item {
  readonly key: string;
  readonly lane: Lane;
}

export class WorkQueue {
  readonly #lanes = { interactive: new Fifo(), background: new Fifo() };
  /** INVARIANT: the lane where a waiting key counts; its entry in another lane is passed over. */
  readonly #waiting = new Map<string, Lane>();
  readonly #processing = new Map<string, Lane | undefined>();

  /** How many keys wait. */
  get length(): number {
    return this.#waiting.size;
  }

  /** How many keys are being worked on. */
  get processing(): number {
    return this.#processing.size;
  }

  add(key: string, lane: Lane): void {
    if (this.#processing.has(key)) {
      if (this.#processing.get(key) !== "interactive") this.#processing.set(key, lane);
      return;
    }
    const now = this.#waiting.get(key);
    if (now === lane || now === "interactive") return;
    this.#waiting.set(key, lane);
    this.#lanes[lane].push(key);
  }

  /** Takes the next key, or the next interactive one. */
  take(only?: "interactive"): Item | undefined {
    return this.#takeFrom("interactive") ?? (only === undefined ? this.#takeFrom("background") : undefined);
  }

  /** Says that the work on a key is over, however it went. */
  done(key: string): void {
    const again = this.#processing.get(key);
    this.#processing.delete(key);
    if (again !== undefined) this.add(key, again);
  }

  #takeFrom(lane: Lane): Item | undefined {
    for (let key = this.#lanes[lane].shift(); key !== undefined; key = this.#lanes[lane].shift()) {
      if (this.#waiting.get(key) !== lane) continue;
      this.#waiting.delete(key);
      this.#processing.set(key, undefined);
      return { key, lane };
    }
    return undefined;
  }
}

/** First in, first out, at constant cost. */
class Fifo {
  #items: string[] = [];
  #head = 0;

  push(item: string): void {
    this.#items.push(item);
  }

  shift(): string | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head++;
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
