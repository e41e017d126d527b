import { type Kind, kinds } from "../../engine/model/objects.generated.ts";
import { hasReached, type Position } from "../../engine/model/position.ts";
import { type Clock, pause } from "../../host/clock.ts";
import { Backoff } from "../kube/backoff.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { sidegateResources } from "../source/kubernetes/sidegate-resources.ts";

export interface CatchUpOptions {
  readonly api: Pick<KubeApi, "list">;
  /** The namespace that is read. Absent: all. */
  readonly namespace: string | undefined;
  /** How far everything has been read. */
  readonly position: () => Position;
  /** Asks for news of how far the watches are, sooner than they come by themselves. */
  readonly hurry: () => void;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

const LOOK_MS = 100;
const LOOKS_PER_HURRY = 60;
/** Longer than a change waits to be compiled. */
const COMPILED_MS = 500;

/**
 * Resolves when all has been read, and compiled, that was written before the call: asks the API server where each kind
 * stands now, by a list that it may not answer from a cache, and waits until the watches have come that far. Tries again
 * what fails; never rejects, and resolves early when the signal is aborted.
 */
export async function catchUp(options: CatchUpOptions): Promise<void> {
  const { position, hurry, clock, signal } = options;
  const target = Object.fromEntries(
    await Promise.all(kinds.map(async (kind) => [kind, await presentOf(kind, options)] as const)),
  );
  for (let looks = 0; !signal.aborted && !hasReached(position(), target); looks++) {
    // Where the API server is busy a short watch may end without a bookmark.
    if (looks % LOOKS_PER_HURRY === 0) hurry();
    await pause(clock, LOOK_MS, signal);
  }
  await pause(clock, COMPILED_MS, signal);
}

async function presentOf(kind: Kind, options: CatchUpOptions): Promise<string> {
  const { api, namespace, clock, random, signal } = options;
  const backoff = new Backoff({ now: () => clock.now(), random });
  while (!signal.aborted) {
    try {
      const page = await api.list(sidegateResources[kind], { namespace, limit: 1, signal });
      return page.resourceVersion;
    } catch {
      // The reflectors log what is wrong with the API server.
      await pause(clock, backoff.next(), signal);
    }
  }
  return "0";
}
