/**
 * Who asks a sidecar that serves a whole node, and about what each may ask, as the operator said.
 *
 * States of a verdict, one for each token and domain:
 *   unknown   nobody has asked; the first call waits for the operator
 *   fresh     younger than a minute (a refusal: than 5 s)
 *   aging     older; it still counts, and the next call has the operator asked again beside it
 *   over      the token has ended, or a refusal is no longer fresh: as unknown
 * So an operator that is away keeps known callers for as long as their tokens, and lets in no new ones.
 *
 * INVARIANT: a verdict that allows is only ever replaced by what the operator said later, never by its silence.
 */
import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import type { ReviewCallerResponse } from "../../proto/generated/callers.js";
import type { Review } from "./review.ts";

/** What the operator said of a caller and a domain. */
export interface Verdict {
  /** The domain in question; "" where the token is refused. */
  readonly domain: string;
  /** Why the caller may not ask; undefined: it may. */
  readonly refusal: SidegateError | undefined;
}

export interface CallerBookOptions {
  readonly review: Review;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Entry {
  readonly verdict: Verdict;
  /** On the monotonic clock. */
  readonly freshUntil: number;
  /** On the wall clock, as tokens have it. */
  readonly over: number;
}

const FRESH_MS = 60_000;
const REFUSAL_MS = 5_000;
/** How long a token counts that does not say when it ends. */
const UNDATED_MS = 300_000;
/** How long nothing more is logged of a caller that is refused. */
const SILENT_MS = 60_000;
const TOLD = 256;
/** Verdicts kept: some for each pod of a node. */
const KEPT = 4_096;

export class CallerBook {
  readonly #options: CallerBookOptions;
  readonly #entries = new LRUCache<string, Entry>({ max: KEPT });
  /** Apart, so that a pod that tries many tokens and domains pushes nobody out who is known. */
  readonly #refused = new LRUCache<string, Entry>({ max: KEPT });
  readonly #asked = new Map<string, Promise<Verdict>>();
  /** By error and user; the user of a token that is refused is not known. */
  readonly #silentUntil = new LRUCache<string, number>({ max: TOLD });

  constructor(options: CallerBookOptions) {
    this.#options = options;
  }

  /** How many verdicts are known. */
  get size(): number {
    return this.#entries.size + this.#refused.size;
  }

  /** What is known, without asking; undefined: nothing. @param key of `keyOf` */
  known(key: string, domain: string): Verdict | undefined {
    return this.#current(`${key} ${domain}`)?.verdict;
  }

  /**
   * The verdict on a token and a domain where it is known, "" for that of the caller's namespace; undefined: nothing is. One that
   * is aging has the operator asked again.
   */
  recall(key: string, token: string, domain: string): Verdict | undefined {
    const place = `${key} ${domain}`;
    const entry = this.#current(place);
    if (entry !== undefined && this.#options.clock.now() >= entry.freshUntil)
      this.#renew(place, token, domain);
    return entry?.verdict;
  }

  /** The same, of the operator where it is not known. Rejects with SG3304. */
  async verdict(key: string, token: string, domain: string): Promise<Verdict> {
    return this.recall(key, token, domain) ?? this.#ask(`${key} ${domain}`, token, domain);
  }

  #current(place: string): Entry | undefined {
    const entry = this.#entries.get(place) ?? this.#refused.get(place);
    if (entry === undefined) return undefined;
    const { clock } = this.#options;
    const isOver = entry.verdict.refusal ? clock.now() >= entry.freshUntil : clock.wallTime() >= entry.over;
    return isOver ? undefined : entry;
  }

  #renew(place: string, token: string, domain: string): void {
    this.#ask(place, token, domain).catch((error: unknown) => {
      this.#options.logger.debug({ err: error }, "Could not ask again who a caller is");
    });
  }

  /** Equal questions at the same time are asked once. */
  #ask(place: string, token: string, domain: string): Promise<Verdict> {
    let asked = this.#asked.get(place);
    if (asked === undefined) {
      asked = this.#review(place, token, domain).finally(() => this.#asked.delete(place));
      this.#asked.set(place, asked);
    }
    return asked;
  }

  async #review(place: string, token: string, domain: string): Promise<Verdict> {
    const { review, clock } = this.#options;
    const answer = await review(token, domain);
    const verdict = { domain: answer.domain, refusal: refusalOf(answer) };
    if (verdict.refusal !== undefined) this.#tell(answer.user, domain, verdict.refusal);
    const [book, other] = verdict.refusal ? [this.#refused, this.#entries] : [this.#entries, this.#refused];
    other.delete(place);
    book.set(place, {
      verdict,
      freshUntil: clock.now() + (verdict.refusal ? REFUSAL_MS : FRESH_MS),
      over: answer.expiresAt > 0 ? answer.expiresAt : clock.wallTime() + UNDATED_MS,
    });
    return verdict;
  }

  /** Each caller that is refused once in a while, however often it comes back. */
  #tell(user: string, domain: string, { code, message: problem }: SidegateError): void {
    const { clock, logger } = this.#options;
    const who = `${code} ${user}`;
    if (clock.now() < (this.#silentUntil.get(who) ?? 0)) return;
    this.#silentUntil.set(who, clock.now() + SILENT_MS);
    logger.warn({ user, domain, code, problem }, "Refused a caller");
  }
}

function refusalOf({ refusal }: ReviewCallerResponse): SidegateError | undefined {
  if (refusal === null) return undefined;
  return new SidegateError(refusal.unauthenticated ? "SG3302" : "SG3303", refusal.message);
}

/** What a token is kept by: not the token itself, which would lie in memory for longer than it must. */
export function keyOf(token: string): string {
  return hash("sha256", token, "base64");
}
