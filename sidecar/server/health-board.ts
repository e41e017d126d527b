import { ServingStatus } from "../../proto/generated/health.js";

type Watcher = (status: ServingStatus) => void;

/** The health of each service, as grpc.health.v1 and the HTTP probes report it. */
export class HealthBoard {
  readonly #statuses = new Map<string, ServingStatus>();
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** The status of a service, or undefined for one that there is not. */
  get(service: string): ServingStatus | undefined {
    return this.#statuses.get(service);
  }

  set(service: string, status: ServingStatus): void {
    if (this.#statuses.get(service) === status) return;
    this.#statuses.set(service, status);
    for (const watcher of this.#watchers.get(service) ?? []) watcher(status);
  }

  /** Calls back at each change; returns the function that ends it. */
  watch(service: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(service) ?? new Set();
    this.#watchers.set(service, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(service);
    };
  }

  /** Reports all services as not serving: the process is about to stop. */
  shutDown(): void {
    for (const service of this.#statuses.keys()) this.set(service, ServingStatus.NOT_SERVING);
  }
}
