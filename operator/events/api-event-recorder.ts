import type { Logger } from "pino";
import { type Clock, pause } from "../../host/clock.ts";
import { formatMicroTime } from "../election/lease.ts";
import type { KubeApi, KubeObject, Resource } from "../kube/kube-api.ts";
import { isNotFound, KubeError } from "../kube/kube-error.ts";
import type { EventRecorder, ObjectReference, RecordedEvent } from "./event-recorder.ts";
import { type Occurrence, Occurrences } from "./occurrences.ts";

export interface ApiEventRecorderOptions {
  readonly api: Pick<KubeApi, "create" | "mergePatch">;
  /** The replica that records. */
  readonly instance: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const eventResource: Resource = {
  group: "events.k8s.io",
  version: "v1",
  plural: "events",
  kind: "Event",
};

const CONTROLLER = "sidegate.dev/operator";
/** Events that wait to be written; more are dropped. */
const MOST_WAITING = 1_000;
/** Times that an event is tried, and the wait in between, while the API server is out of reach. */
const [TRIES, RETRY_MS] = [12, 10_000];
/** Characters, as the API server has it. */
const [LONGEST_NOTE, LONGEST_WORD, LONGEST_NAME] = [1024, 128, 230];

/** Writes events one after the other, and drops them rather than to wait for them. */
export class ApiEventRecorder implements EventRecorder {
  readonly #options: ApiEventRecorderOptions;
  readonly #occurrences: Occurrences;
  readonly #waiting = new Set<Occurrence>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #dropped = 0;
  #numbered = 0;

  constructor(options: ApiEventRecorderOptions) {
    this.#options = options;
    this.#occurrences = new Occurrences(() => options.clock.now());
  }

  record(about: ObjectReference, event: RecordedEvent): void {
    if (this.#stop.signal.aborted) return;
    const { clock, logger } = this.#options;
    const occurrence = this.#occurrences.take(about, event, clock.wallTime());
    if (occurrence === undefined) return;
    if (this.#waiting.size >= MOST_WAITING && !this.#waiting.has(occurrence)) {
      if (this.#dropped++ === 0) logger.warn({ waiting: MOST_WAITING }, "Events are dropped: too many wait");
      return;
    }
    this.#waiting.add(occurrence);
    this.#running ??= this.#run();
  }

  /** Writes nothing any more; what waits is dropped. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { logger } = this.#options;
    for (const occurrence of this.#waiting) {
      this.#waiting.delete(occurrence);
      if (this.#stop.signal.aborted) break;
      await this.#write(occurrence);
    }
    if (this.#dropped > 0) logger.warn({ dropped: this.#dropped }, "Events were dropped");
    this.#dropped = 0;
    this.#running = undefined;
  }

  async #write(occurrence: Occurrence): Promise<void> {
    const { clock, logger } = this.#options;
    for (let attempt = 1; !this.#stop.signal.aborted; attempt++) {
      try {
        await this.#send(occurrence);
        return;
      } catch (error) {
        if (isPassing(error) && attempt < TRIES) {
          await pause(clock, RETRY_MS, this.#stop.signal);
          continue;
        }
        const { kind, namespace, name } = occurrence.about;
        const { reason } = occurrence.event;
        logger.warn({ kind, namespace, name, reason, err: error }, "An event could not be recorded");
        return;
      }
    }
  }

  async #send(occurrence: Occurrence): Promise<void> {
    const { api } = this.#options;
    const { about, name, count, lastAt } = occurrence;
    const namespace = about.namespace ?? "default";
    if (name !== undefined && count > 1) {
      const series = { count, lastObservedTime: formatMicroTime(lastAt) };
      try {
        await api.mergePatch(eventResource, namespace, name, { series });
        return;
      } catch (error) {
        // The API server keeps events for an hour.
        if (!isNotFound(error)) throw error;
      }
    }
    const object = this.#objectOf(occurrence, namespace);
    await api.create(eventResource, namespace, object);
    occurrence.name = object.metadata.name;
  }

  #objectOf({ about, event, count, firstAt, lastAt }: Occurrence, namespace: string): KubeObject {
    const id = `${firstAt.toString(16)}${(this.#numbered++ % 4096).toString(16).padStart(3, "0")}`;
    const { apiVersion, kind, name, uid, resourceVersion } = about;
    return {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { namespace, name: `${name.slice(0, LONGEST_NAME)}.${id}` },
      eventTime: formatMicroTime(firstAt),
      ...(count > 1 && { series: { count, lastObservedTime: formatMicroTime(lastAt) } }),
      reportingController: CONTROLLER,
      reportingInstance: this.#options.instance.slice(0, LONGEST_WORD),
      type: event.type,
      reason: event.reason.slice(0, LONGEST_WORD),
      action: event.action.slice(0, LONGEST_WORD),
      note: event.message.slice(0, LONGEST_NOTE),
      regarding: {
        ...{ apiVersion, kind, name },
        ...(about.namespace !== undefined && { namespace: about.namespace }),
        ...(uid !== undefined && { uid }),
        ...(resourceVersion !== undefined && { resourceVersion }),
      },
    };
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 0 || error.status === 429 || error.status >= 500);
}
