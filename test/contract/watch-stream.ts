import type { Json } from "./json.ts";

/** One event of a watch. */
export interface WatchEvent {
  readonly type: string;
  readonly object: Json;
}

/** The events of one watch, in order. */
export class WatchStream {
  readonly #events: AsyncGenerator<WatchEvent, undefined>;
  readonly #abort: () => void;

  constructor(body: AsyncIterable<Uint8Array>, abort: () => void) {
    this.#events = parse(body);
    this.#abort = abort;
  }

  /** The next event; undefined when the server has ended the watch. */
  async next(): Promise<WatchEvent | undefined> {
    return (await this.#events.next()).value;
  }

  /** The next events, as many as asked. */
  async take(count: number): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    while (events.length < count) {
      const event = await this.next();
      if (event === undefined) throw new Error(`the watch ended after ${JSON.stringify(events)}`);
      events.push(event);
    }
    return events;
  }

  /** All events until the server ends the watch. */
  async rest(): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    for (let event = await this.next(); event !== undefined; event = await this.next()) events.push(event);
    return events;
  }

  close(): void {
    this.#abort();
  }
}

async function* parse(body: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent, undefined> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as WatchEvent;
  }
  return undefined;
}
