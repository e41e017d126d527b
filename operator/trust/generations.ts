/**
 * The generations of a key, and what the clock asks to be done about them. Pure.
 *
 *   A generation is  announced  it is trusted everywhere, and nobody signs with it yet
 *                    active     the newest whose time to sign has come; each replica finds that out by itself
 *                    retired    a newer one signs; what this one signed is still trusted. Its private key goes soon
 *                    gone       its time is over, and nothing that it signed can be in use
 *
 *   announced -> active    at activeAt, which is written down when it is announced
 *   active    -> retired   when the next one becomes active
 *   any       -> gone      at expiresAt, which never changes (it stands in certificates)
 *
 * INVARIANT: a successor is announced `announceMs` before it signs. So whoever's list of trusted keys is younger than that
 * trusts every signature, and a replica that has not looked for as long still knows who signs next. There is one
 * exception: the time left to the last generation is shorter than that, because for a long while there was no leader.
 */

/** One key in time; all times in milliseconds since 1970. */
export interface Generation {
  readonly id: string;
  readonly announcedAt: number;
  readonly activeAt: number;
  readonly expiresAt: number;
  /** PKCS #8, PEM. Absent once it is not needed any more. */
  readonly key?: string | undefined;
}

export type Span = Pick<Generation, "announcedAt" | "activeAt" | "expiresAt">;

/** How long a generation is in each of its states, in milliseconds. */
export interface Schedule {
  readonly announceMs: number;
  readonly activeMs: number;
  /** How long it is trusted after it was to be replaced. */
  readonly retainMs: number;
  /** How long what it signs is in use. */
  readonly signedMs: number;
}

/** What is to be done now. */
export interface Steps<G extends Generation> {
  /** What is left of the generations, oldest first; the same array where nothing changes. */
  readonly keep: readonly G[];
  /** A generation to add to them. */
  readonly add: Span | undefined;
  /** When there may be more to do. */
  readonly nextAt: number;
}

/** A private key is kept for so long after its successor became active, for replicas whose clocks are behind. */
const FORGET_MS = 60 * 60_000;

/** The generation to sign with: the newest whose time has come and that has a key; before any time has come, the first. */
export function activeOf<G extends Generation>(generations: readonly G[], now: number): G | undefined {
  const usable = generations.filter(({ key, expiresAt }) => key !== undefined && now < expiresAt);
  return usable.findLast(({ activeAt }) => activeAt <= now) ?? usable[0];
}

/**
 * What the clock asks for.
 *
 * @param generations ordered by `activeAt`
 */
export function planSteps<G extends Generation>(
  generations: readonly G[],
  now: number,
  schedule: Schedule,
): Steps<G> {
  const keep = forgetKeys(
    generations.filter(({ expiresAt }) => now < expiresAt),
    now,
  );
  const add = spanToAdd(keep.at(-1), now, schedule);
  const isSame = keep.length === generations.length && keep.every((entry, i) => entry === generations[i]);
  return { keep: isSame ? generations : keep, add, nextAt: nextAt(keep, add, schedule) };
}

function forgetKeys<G extends Generation>(generations: readonly G[], now: number): readonly G[] {
  return generations.map((generation, index) => {
    const next = generations[index + 1];
    const isDue = next !== undefined && next.activeAt + FORGET_MS <= now;
    return isDue && generation.key !== undefined ? { ...generation, key: undefined } : generation;
  });
}

function spanToAdd(newest: Generation | undefined, now: number, schedule: Schedule): Span | undefined {
  const { announceMs, activeMs, retainMs, signedMs } = schedule;
  const spanFrom = (activeAt: number) => ({
    announcedAt: now,
    activeAt,
    expiresAt: activeAt + activeMs + retainMs,
  });
  if (newest?.key === undefined) return spanFrom(now);
  if (now < announcementDue(newest, schedule)) return undefined;
  // What the last one signs just before must not outlive it.
  const latest = newest.expiresAt - signedMs;
  return spanFrom(Math.max(now, Math.min(now + announceMs, latest)));
}

function announcementDue({ activeAt }: Generation, { announceMs, activeMs }: Schedule): number {
  return activeAt + activeMs - announceMs;
}

function nextAt(keep: readonly Generation[], add: Span | undefined, schedule: Schedule): number {
  // The one that is added has its key, so the time of its own successor is what counts.
  const times = add === undefined ? [] : [announcementDue({ id: "", ...add }, schedule)];
  keep.forEach((generation, index) => {
    const next = keep[index + 1] ?? add;
    times.push(generation.expiresAt);
    if (next === undefined) times.push(announcementDue(generation, schedule));
    else if (generation.key !== undefined) times.push(next.activeAt + FORGET_MS);
  });
  return Math.min(...times);
}
