import type { CompiledType } from "../../proto/generated/shard.js";
import { SidegateError } from "../errors/sidegate-error.ts";
import type { Level } from "../model/scope.ts";

/** What `*` in a rule stands for: all that the catalogs declare. */
const ANY = "*";

/**
 * The permissions of a domain, numbered. A set of permissions is a mask: a row of `words` 32-bit integers with one bit
 * for each.
 */
export class LoadedCatalog {
  readonly words: number;
  /** The masks of the permissions of each level, by level. */
  readonly levelMasks: readonly Uint32Array[];
  readonly #numbers = new Map<string, number>();
  readonly #levels: number[] = [];
  readonly #types = new Map<string, ReadonlyMap<string, VerbNumbers>>();

  constructor(types: readonly CompiledType[]) {
    for (const type of types) this.#types.set(type.name, this.#number(type));
    this.words = Math.ceil(this.#levels.length / 32);
    this.levelMasks = Array.from({ length: 5 }, () => new Uint32Array(this.words));
    for (const [number, level] of this.#levels.entries()) setBit(this.levelMasks[level]!, 0, number);
  }

  /** The number of a permission "type:verb", or undefined if no catalog declares it. */
  find(permission: string): number | undefined {
    return this.#numbers.get(permission);
  }

  /** All permissions "type:verb" with their numbers. */
  get permissions(): Iterable<readonly [name: string, permission: number]> {
    return this.#numbers;
  }

  levelOf(permission: number): Level {
    return this.#levels[permission] as Level;
  }

  /** Adds to a mask what Allow on these resources and verbs allows: the permissions and all that they imply. */
  addAllowed(resources: readonly string[], verbs: readonly string[], mask: Uint32Array, at: number): void {
    for (const verb of this.#select(resources, verbs)) {
      for (const number of verb.allows) setBit(mask, at, number);
    }
  }

  /** Adds to a mask what Deny on these resources and verbs denies: the permissions and all that imply them. */
  addDenied(resources: readonly string[], verbs: readonly string[], mask: Uint32Array, at: number): void {
    for (const verb of this.#select(resources, verbs)) {
      for (const number of verb.denies) setBit(mask, at, number);
    }
  }

  *#select(resources: readonly string[], verbs: readonly string[]): Iterable<VerbNumbers> {
    const types = resources.includes(ANY)
      ? this.#types.values()
      : resources.map((name) => this.#types.get(name));
    for (const type of types) {
      if (type === undefined) continue;
      const selected = verbs.includes(ANY) ? type.values() : verbs.map((name) => type.get(name));
      for (const verb of selected) if (verb !== undefined) yield verb;
    }
  }

  #number(type: CompiledType): ReadonlyMap<string, VerbNumbers> {
    const first = this.#levels.length;
    const beyond = (implied: number) => implied >= type.verbs.length;
    if (type.level < 1 || type.level > 4 || type.verbs.some((verb) => verb.implies.some(beyond))) {
      throw new SidegateError("SG2002", `the type ${type.name} has a level or verb that there is not`);
    }
    const verbs = type.verbs.map(({ name, implies }, index): [string, VerbNumbers] => {
      this.#numbers.set(`${type.name}:${name}`, first + index);
      this.#levels.push(type.level);
      const allows = [first + index, ...implies.map((implied) => first + implied)];
      return [name, { allows, denies: [first + index] }];
    });
    for (const [index, verb] of type.verbs.entries()) {
      for (const implied of verb.implies) verbs[implied]?.[1].denies.push(first + index);
    }
    return new Map(verbs);
  }
}

/** The permissions that Allow or Deny on one verb of one type stands for. */
interface VerbNumbers {
  readonly allows: readonly number[];
  readonly denies: number[];
}

/** Sets a bit of the mask that begins at word `at`. */
export function setBit(masks: Uint32Array, at: number, bit: number): void {
  masks[at + (bit >>> 5)]! |= 1 << (bit & 31);
}

/** Whether a bit of the mask that begins at word `at` is set. */
export function hasBit(masks: Uint32Array, at: number, bit: number): boolean {
  return ((masks[at + (bit >>> 5)]! >>> (bit & 31)) & 1) !== 0;
}
