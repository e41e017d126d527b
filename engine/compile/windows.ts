/** A validity window in milliseconds since 1970: it holds while `notBefore <= now < expires`. */
export interface Window {
  readonly notBefore: number;
  readonly expires: number;
}

/**
 * Reads the window of an object. A bound that is left out is open; one that is no time never holds, so that a mistake
 * never widens access.
 */
export function readWindow(notBefore: string | undefined, expiresAt: string | undefined): Window {
  if (notBefore === undefined && expiresAt === undefined) return ALWAYS;
  return {
    notBefore: notBefore === undefined ? -Infinity : (parseTime(notBefore) ?? Infinity),
    expires: expiresAt === undefined ? Infinity : (parseTime(expiresAt) ?? -Infinity),
  };
}

/**
 * An RFC 3339 time in whole milliseconds since 1970, or undefined if it is none. Finer digits round up: `now` is whole
 * milliseconds, so an instant is reached exactly when the next one is.
 */
export function parseTime(text: string): number | undefined {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  return FINER_THAN_MILLISECONDS.test(text) ? time + 1 : time;
}

const FINER_THAN_MILLISECONDS = /\.[0-9]{3}[0-9]*[1-9]/;

/** The distinct windows of a shard. Row 0 is always, so that a shard without windows needs no column. */
export class WindowColumn {
  readonly #rows = new Map<string, number>();
  readonly #values: number[] = [];

  /** @param windows all that the shard needs, in any order */
  constructor(windows: Iterable<Window>) {
    const distinct = new Map<string, Window>();
    for (const window of windows) if (window !== ALWAYS) distinct.set(textOf(window), window);
    this.#add(ALWAYS);
    for (const text of [...distinct.keys()].sort()) this.#add(distinct.get(text) as Window);
  }

  row(window: Window): number {
    return window === ALWAYS ? 0 : (this.#rows.get(textOf(window)) as number);
  }

  encode(): Uint8Array {
    const values = Float64Array.from(this.#values);
    return new Uint8Array(values.buffer);
  }

  #add(window: Window): void {
    this.#rows.set(textOf(window), this.#rows.size);
    this.#values.push(window.notBefore, window.expires);
  }
}

const ALWAYS: Window = { notBefore: -Infinity, expires: Infinity };

function textOf(window: Window): string {
  return `${window.notBefore}/${window.expires}`;
}
