/**
 * Which objects a reflector has put, so that a new list can tell what vanished. Names are kept as the strings that the
 * objects themselves hold, so an entry costs little beside its object.
 */
export class SeenNames {
  readonly #rounds = new Map<string, Map<string, number>>();
  #round = 0;

  /** Begins a list. A list that was begun and not ended leaves nothing behind. */
  begin(): void {
    this.#round++;
  }

  add(namespace: string, name: string): void {
    const names = this.#rounds.get(namespace);
    if (names === undefined) this.#rounds.set(namespace, new Map([[name, this.#round]]));
    else names.set(name, this.#round);
  }

  delete(namespace: string, name: string): void {
    const names = this.#rounds.get(namespace);
    if (names?.delete(name) && names.size === 0) this.#rounds.delete(namespace);
  }

  /** Ends a list: forgets and returns what was not added since it began. */
  end(): { namespace: string; name: string }[] {
    const vanished: { namespace: string; name: string }[] = [];
    for (const [namespace, names] of this.#rounds) {
      for (const [name, round] of names) if (round !== this.#round) vanished.push({ namespace, name });
    }
    for (const { namespace, name } of vanished) this.delete(namespace, name);
    return vanished;
  }
}
