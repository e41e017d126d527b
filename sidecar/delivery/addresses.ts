/** The operator's replicas: the one in use is kept as long as it answers, so that a reconnect finds its work warm. */
export class Addresses {
  readonly #list: readonly string[];
  #index: number;

  /**
   * @param list at least one address as gRPC takes it
   * @param random from 0 up to but not including 1: with which to begin, so that sidecars spread over replicas
   */
  constructor(list: readonly string[], random: number) {
    if (list.length === 0) throw new RangeError("There must be an address of the operator");
    this.#list = list;
    this.#index = Math.floor(random * list.length);
  }

  get size(): number {
    return this.#list.length;
  }

  /** The one to talk to. */
  get current(): string {
    return this.#list[this.#index] as string;
  }

  /** The current one is gone or of no use: turns to the next. */
  moveOn(): void {
    this.#index = (this.#index + 1) % this.#list.length;
  }
}
