import type { ReplicaAddress } from "./resolve-operators.ts";

/**
 * Chooses among the operator's replicas. The one in use is kept as long as it answers, so that a reconnect finds its work warm;
 * otherwise the choice is random, so that the sidecars of a replica that is gone spread over the others, and takes each once
 * before any comes again.
 */
export class Addresses {
  #list: readonly ReplicaAddress[];
  #current: ReplicaAddress;
  readonly #random: () => number;
  readonly #tried = new Set<string>();

  /**
   * @param list at least one
   * @param random from 0 up to but not including 1
   */
  constructor(list: readonly ReplicaAddress[], random: () => number) {
    if (list.length === 0) throw new RangeError("There must be an address of the operator");
    this.#list = list;
    this.#random = random;
    this.#current = this.#pick(list);
  }

  get size(): number {
    return this.#list.length;
  }

  /** The one to talk to. */
  get current(): ReplicaAddress {
    return this.#current;
  }

  /** There are other replicas by now. Keeps to the current one where it is still among them. */
  update(list: readonly ReplicaAddress[]): void {
    if (list.length === 0) throw new RangeError("There must be an address of the operator");
    this.#list = list;
    if (!list.some(({ address }) => address === this.#current.address)) this.moveOn();
  }

  /** The current one is gone or of no use: turns to another. */
  moveOn(): void {
    this.#tried.add(this.#current.address);
    let left = this.#list.filter(({ address }) => !this.#tried.has(address));
    if (left.length === 0) {
      this.#tried.clear();
      left = this.#list.filter(({ address }) => address !== this.#current.address);
    }
    this.#current = this.#pick(left.length === 0 ? this.#list : left);
  }

  /** The current one is of use: all others may be tried again after it. */
  settle(): void {
    this.#tried.clear();
  }

  #pick(list: readonly ReplicaAddress[]): ReplicaAddress {
    return list[Math.floor(this.#random() * list.length)] as ReplicaAddress;
  }
}
