import type { Clock } from "../../host/clock.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { isNotFound, KubeError } from "../kube/kube-error.ts";
import { namespaceResource } from "../source/kubernetes/sidegate-resources.ts";

const FRESH_MS = 5000;

/** Tells whether namespaces are going, asking the API server at most every five seconds for each. */
export class Namespaces {
  readonly #api: KubeApi;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly at: number; readonly answer: Promise<boolean> }>();

  constructor(api: KubeApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** Whether a namespace is marked for deletion or gone. Where the account may not look, it counts as there to stay. */
  async isTerminating(namespace: string): Promise<boolean> {
    const now = this.#clock.now();
    for (const [name, { at }] of this.#known) if (now - at >= FRESH_MS) this.#known.delete(name);
    const known = this.#known.get(namespace);
    if (known !== undefined) return known.answer;
    const answer = this.#ask(namespace);
    this.#known.set(namespace, { at: now, answer });
    // A failure is not an answer to keep.
    answer.catch(() => this.#known.delete(namespace));
    return answer;
  }

  async #ask(namespace: string): Promise<boolean> {
    try {
      const { metadata } = await this.#api.get(namespaceResource, undefined, namespace);
      return metadata.deletionTimestamp !== undefined;
    } catch (error) {
      if (isNotFound(error)) return true;
      if (error instanceof KubeError && error.status === 403) return false;
      throw error;
    }
  }
}
