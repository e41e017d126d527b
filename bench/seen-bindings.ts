import type { AccessRoleBinding } from "../engine/model/objects.generated.ts";
import { createSystemClock } from "../host/clock.ts";
import type { KubeApi } from "../operator/kube/kube-api.ts";
import { Reflector } from "../operator/kube/reflector.ts";
import { sidegateResources } from "../operator/source/kubernetes/sidegate-resources.ts";
import { pauseMs } from "./pause.ts";

const binding = sidegateResources.AccessRoleBinding;

/** The bindings of a namespace as a watch shows them. */
export class SeenBindings {
  readonly #reflector: Reflector;
  readonly #bindings = new Map<string, AccessRoleBinding>();
  #onChange: () => void = () => {};
  #changedAt = 0;
  #isCounting = false;
  /** By name, when its status changed, in milliseconds. */
  readonly #statuses = new Map<string, number[]>();

  constructor(api: KubeApi, namespace: string) {
    this.#reflector = new Reflector({
      ...{ api, namespace, resource: binding, clock: createSystemClock(), random: Math.random },
      sink: {
        put: (object) => this.#put(object as object as AccessRoleBinding),
        remove: (_namespace, name) => {
          this.#bindings.delete(name);
          this.#changed();
        },
        progress: () => {},
        listed: () => {},
      },
      ...{ onContact: () => {}, onRetry: () => {}, onFatal: () => {} },
    });
  }

  start(): void {
    this.#reflector.start();
  }

  async stop(): Promise<void> {
    await this.#reflector.stop();
  }

  effective(name: string): Promise<void> {
    return this.#until(() => {
      const { metadata, status } = this.#bindings.get(name) ?? {};
      const condition = status?.conditions?.find(({ type }) => type === "Effective");
      return condition?.status === "True" && condition.observedGeneration === metadata?.generation;
    });
  }

  gone(name: string): Promise<void> {
    return this.#until(() => !this.#bindings.has(name));
  }

  empty(): Promise<void> {
    return this.#until(() => this.#bindings.size === 0);
  }

  /** Nothing has come for a while. */
  async quiet(ms: number): Promise<void> {
    this.#changedAt = performance.now();
    while (performance.now() - this.#changedAt < ms) await pauseMs(100);
  }

  countStatuses(): void {
    this.#isCounting = true;
  }

  /** Of all objects, the most status writes within less than 950 ms, and how many there were. */
  statuses(): { most: number; total: number } {
    let [most, total] = [0, 0];
    for (const times of this.#statuses.values()) {
      total += times.length;
      for (const at of times)
        most = Math.max(most, times.filter((other) => other >= at && other < at + 950).length);
    }
    return { most, total };
  }

  #put(object: AccessRoleBinding): void {
    const { name } = object.metadata;
    const before = this.#bindings.get(name);
    this.#bindings.set(name, object);
    if (this.#isCounting && JSON.stringify(before?.status) !== JSON.stringify(object.status)) {
      const times = this.#statuses.get(name) ?? [];
      times.push(performance.now());
      this.#statuses.set(name, times);
    }
    this.#changed();
  }

  #changed(): void {
    this.#changedAt = performance.now();
    this.#onChange();
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
    }
  }
}
