/** Functions that are told when something has changed. */
export class Listeners {
  readonly #subscriptions = new Set<() => void>();

  /** Returns the function that ends the subscription. */
  add(listener: () => void): () => void {
    // A wrapper of its own for each subscription, so that one function may subscribe twice and leave once.
    const subscription = () => listener();
    this.#subscriptions.add(subscription);
    return () => void this.#subscriptions.delete(subscription);
  }

  tell(): void {
    for (const listener of [...this.#subscriptions]) listener();
  }
}
