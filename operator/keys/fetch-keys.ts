import { Agent, type Dispatcher, request as send } from "undici";
import { messageOf } from "../../engine/errors/message-of.ts";
import { formatKeySet, type IgnoredKey, readKeySet } from "../../engine/token/json-web-key-set.ts";
import type { Clock } from "../../host/clock.ts";
import { TimeLimit } from "../../host/time-limit.ts";
import { readKeyAddress } from "./key-address.ts";
import { readMaxAge } from "./read-max-age.ts";

/** What an issuer says that its keys are. */
export interface FetchedKeys {
  /** The usable keys as the text of a key set, the same for the same keys in whatever order. */
  readonly jwks: string;
  /** How many they are. */
  readonly count: number;
  readonly ignored: readonly IgnoredKey[];
  /** How long the answer may be used, in milliseconds, if the issuer says it. */
  readonly maxAgeMs: number | undefined;
}

/** Why an issuer's keys are not known. */
export class KeyFetchError extends Error {
  /** Whether there was no answer, or one that is no key set. */
  readonly reason: "Unreachable" | "Invalid";

  /** @param detail a sentence without full stop that does not repeat the address */
  constructor(reason: "Unreachable" | "Invalid", detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Fetches a key set. Rejects with a KeyFetchError. */
export type FetchKeys = (address: string, signal: AbortSignal) => Promise<FetchedKeys>;

export interface KeyFetcherOptions {
  readonly clock: Pick<Clock, "after">;
  /** Deadline of a fetch, redirects included, in milliseconds. Default 10,000. */
  readonly deadlineMs?: number;
}

/** Bytes of an answer; issuers send certificates besides. */
const MOST_BYTES = 256 * 1024;
/** Characters of the usable keys, as the CRD has it. */
const MOST_CHARACTERS = 65_536;
const MOST_REDIRECTS = 3;

export interface KeyFetcher {
  readonly fetch: FetchKeys;
  close(): Promise<void>;
}

/** Fetches key sets over HTTP. */
export function createKeyFetcher({ clock, deadlineMs = 10_000 }: KeyFetcherOptions): KeyFetcher {
  // Deadlines are this module's; connections are not kept, since minutes pass between two fetches.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 1, connections: 1 });
  return {
    async fetch(address, signal) {
      const limit = new TimeLimit(clock, deadlineMs, [signal]);
      try {
        limit.signal.throwIfAborted();
        return await fetchKeys(address, dispatcher, limit.signal);
      } catch (error) {
        if (error instanceof KeyFetchError) throw error;
        const why = limit.isOver ? `there was no answer within ${deadlineMs / 1000} s` : messageOf(error);
        throw new KeyFetchError("Unreachable", why);
      } finally {
        limit.end();
      }
    },
    close: () => dispatcher.destroy(),
  };
}

async function fetchKeys(address: string, dispatcher: Dispatcher, signal: AbortSignal): Promise<FetchedKeys> {
  const answer = await follow(address, dispatcher, signal);
  const set = readKeySet(await readText(answer.body));
  if (typeof set === "string") throw new KeyFetchError("Invalid", set);
  const jwks = formatKeySet(set.keys);
  if (jwks.length > MOST_CHARACTERS) {
    throw new KeyFetchError("Invalid", `the keys have more than ${MOST_CHARACTERS} characters`);
  }
  const { keys, ignored } = set;
  return { jwks, count: keys.length, ignored, maxAgeMs: readMaxAge(answer.headers["cache-control"]) };
}

/** The first answer that is no redirect. Another host is not asked: whoever names an address vouches for that host only. */
async function follow(
  address: string,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let url = readKeyAddress(address);
  for (let redirects = 0; ; redirects++) {
    if (typeof url === "string") throw new KeyFetchError("Unreachable", url);
    const headers = { accept: "application/jwk-set+json, application/json" };
    const answer = await send(url, { dispatcher, signal, headers });
    if (answer.statusCode === 200) return answer;
    answer.body.on("error", () => {}).destroy();
    const location = answer.headers.location;
    if (answer.statusCode < 300 || answer.statusCode > 399 || typeof location !== "string") {
      throw new KeyFetchError("Unreachable", `the answer has the status ${answer.statusCode}`);
    }
    if (redirects === MOST_REDIRECTS) throw new KeyFetchError("Unreachable", "the answer redirects for ever");
    const target = URL.parse(location, url.href);
    if (target?.origin !== url.origin) {
      throw new KeyFetchError(
        "Unreachable",
        "the answer redirects to another host; name that address instead",
      );
    }
    url = readKeyAddress(target.href);
  }
}

async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes > MOST_BYTES)
      throw new KeyFetchError("Invalid", `the answer has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
