import { expect } from "vitest";
import type { SidecarProcess } from "../../support/sidecar-process.ts";

/** Between two questions to the same sidecar, in milliseconds. */
const REST_MS = 20;

interface Rule {
  /** Milliseconds of this process' monotonic clock; the next rule's beginning is this one's end. */
  readonly from: number;
  readonly answers: readonly string[];
}

/**
 * Asks sidecars all the time, and finds each answer wrong that was not right at any time between the question and the
 * answer. What was not said of a user is not asked.
 */
export class Witness {
  /** Wrong answers, as "SIDECAR USER ANSWER". */
  readonly wrong: string[] = [];
  readonly #rules = new Map<string, Rule[]>();
  readonly #exempt = new Map<string, readonly string[]>();
  readonly #counts = new Map<string, number>();
  readonly #loops: Promise<void>[] = [];
  #isStopped = false;

  /** Asks a sidecar from now on. */
  watch(name: string, sidecar: SidecarProcess): void {
    this.#counts.set(name, 0);
    this.#loops.push(this.#ask(name, sidecar));
  }

  /** From now on these are the right answers about a user. */
  expect(user: string, ...answers: readonly string[]): void {
    const rules = this.#rules.get(user) ?? [];
    this.#rules.set(user, rules);
    rules.push({ from: performance.now(), answers });
  }

  /** From now on one sidecar may give these answers besides, or must no longer. */
  allow(name: string, ...answers: readonly string[]): void {
    this.#exempt.set(name, answers);
  }

  /** Resolves when each sidecar but those named has answered so many more questions. */
  async hears(count: number, ...but: readonly string[]): Promise<void> {
    const before = new Map(this.#counts);
    const names = [...before.keys()].filter((name) => !but.includes(name));
    const heard = (name: string) => (this.#counts.get(name) ?? 0) - (before.get(name) ?? 0);
    await expect.poll(() => Math.min(...names.map(heard)), { timeout: 60_000 }).toBeGreaterThan(count);
  }

  /** What a test ends with. */
  isContent(): void {
    expect(this.wrong.slice(0, 10)).toEqual([]);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#loops);
  }

  async #ask(name: string, sidecar: SidecarProcess): Promise<void> {
    while (!this.#isStopped) {
      for (const user of [...this.#rules.keys()]) {
        const exempt = this.#exempt.get(name) ?? [];
        const from = performance.now();
        const answer = await sidecar.ask(user, { deadlineMs: 5_000 });
        const right = [...this.#rightSince(user, from), ...exempt, ...(this.#exempt.get(name) ?? [])];
        if (!right.includes(answer)) this.wrong.push(`${name} ${user} ${answer}`);
        this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
      }
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }

  #rightSince(user: string, from: number): string[] {
    const rules = this.#rules.get(user) ?? [];
    return rules
      .filter((_rule, index) => (rules[index + 1]?.from ?? Infinity) >= from)
      .flatMap((rule) => rule.answers);
  }
}
