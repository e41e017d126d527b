import { Semaphore } from "../../host/semaphore.ts";

interface Share {
  readonly turns: Semaphore;
  /** Tasks that run or wait. */
  tasks: number;
}

/** Lets a limited number of tasks run at a time, and fewer of one party, so that a crowd of one keeps nobody else waiting. */
export class Turns {
  readonly #all: Semaphore;
  readonly #mostOfOne: number;
  readonly #shares = new Map<string, Share>();

  /** @param most tasks at a time; @param mostOfOne of one party, at least 1 */
  constructor(most: number, mostOfOne: number) {
    this.#all = new Semaphore(most);
    this.#mostOfOne = mostOfOne;
  }

  /** Runs a task when its turn comes, and settles as it does. */
  async run<T>(party: string, task: () => Promise<T>): Promise<T> {
    const share = this.#shares.get(party) ?? { turns: new Semaphore(this.#mostOfOne), tasks: 0 };
    this.#shares.set(party, share);
    share.tasks++;
    try {
      return await share.turns.run(() => this.#all.run(task));
    } finally {
      if (--share.tasks === 0) this.#shares.delete(party);
    }
  }
}
