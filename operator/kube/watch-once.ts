import type { Clock } from "../../host/clock.ts";
import type { KubeApi, Resource, WatchEvent } from "./kube-api.ts";
import { KubeError, TransportReason } from "./kube-error.ts";

export interface WatchOnceOptions {
  readonly api: KubeApi;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly resourceVersion: string;
  /** When the server is asked to end the watch. */
  readonly timeoutSeconds: number;
  /** Without any event, bookmarks included, for this long the watch is given up. */
  readonly silenceMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when the server has taken the watch up. */
  readonly onOpen: () => void;
  /** May throw, which ends the watch. */
  readonly onEvent: (event: WatchEvent) => void;
}

/** How a watch went. */
export interface WatchOutcome {
  /** Events that were handed on, bookmarks included. */
  readonly events: number;
  readonly lastedMs: number;
  /** Why it ended; undefined when the server ended it properly. */
  readonly error: unknown;
}

/** How much longer than the server this side waits for the end of a watch. */
const GRACE_MS = 30_000;

/** Runs one watch to its end, which it puts itself where the server or the network fails to. Never rejects. */
export async function watchOnce(options: WatchOnceOptions): Promise<WatchOutcome> {
  const {
    api,
    resource,
    namespace,
    fieldSelector,
    resourceVersion,
    timeoutSeconds,
    silenceMs,
    clock,
    signal,
    onOpen,
    onEvent,
  } = options;
  const startedAt = clock.now();
  const attempt = new AbortController();
  let events = 0;
  let error: unknown;
  const giveUp = (reason: unknown) => {
    if (attempt.signal.aborted) return;
    error = reason;
    attempt.abort();
  };
  const tooLate = (what: string) => giveUp(new KubeError(0, TransportReason.Deadline, `the watch ${what}`));
  const startSilence = () => clock.after(silenceMs, () => tooLate(`was silent for ${silenceMs / 1000} s`));
  const onStop = () => giveUp(signal.reason);

  signal.addEventListener("abort", onStop);
  const cancelDeadline = clock.after(timeoutSeconds * 1000 + GRACE_MS, () => tooLate("overran its time"));
  let cancelSilence = startSilence();
  try {
    const range = { namespace, fieldSelector, resourceVersion, timeoutSeconds };
    const target = { ...range, signal: attempt.signal, onOpen };
    await api.watch(resource, target, (event) => {
      // What still comes after the watch was given up belongs to nobody.
      if (attempt.signal.aborted) return;
      cancelSilence();
      cancelSilence = startSilence();
      try {
        onEvent(event);
        events++;
      } catch (reason) {
        giveUp(reason);
      }
    });
  } catch (reason) {
    // After giving up, the rejection only says that it was given up.
    if (!attempt.signal.aborted) error = reason;
  } finally {
    cancelSilence();
    cancelDeadline();
    signal.removeEventListener("abort", onStop);
  }
  return { events, lastedMs: clock.now() - startedAt, error };
}
