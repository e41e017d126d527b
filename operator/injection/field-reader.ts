import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { quote } from "../../engine/model/quote.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the fields of an object from a file, each once, and in the end refuses those that nobody asked for, so that a
 * misspelt one is not silently a default. Each method throws SG4601 naming the field and what it must be.
 */
export class FieldReader {
  readonly #path: string;
  readonly #fields: Fields;
  readonly #known = new Set<string>();

  /** @param path where the object stands: "" for the whole file */
  constructor(value: unknown, path = "") {
    this.#path = path;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.fail("", "an object");
    this.#fields = value as Fields;
  }

  /** An object within this one; an empty one where it is left out. */
  object(name: string): FieldReader {
    return new FieldReader(this.#take(name) ?? {}, this.#at(name));
  }

  text(name: string, fallback?: string): string {
    const value = this.#take(name) ?? fallback;
    if (typeof value === "string" && value !== "" && value === value.trim()) return value;
    throw this.fail(name, "a text that is not empty");
  }

  /** A text for which `isGood` holds; `what` says so in words. */
  textThat(name: string, isGood: (text: string) => boolean, what: string, fallback?: string): string {
    const value = this.#take(name) ?? fallback;
    // YAML reads a quantity without a unit as a number.
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text === "string" && isGood(text)) return text;
    throw this.fail(name, what);
  }

  choice<const T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.#take(name) ?? fallback;
    if ((choices as readonly unknown[]).includes(value)) return value as T;
    throw this.fail(name, `one of ${choices.join(", ")}`);
  }

  /** A list that is not empty and names nothing twice. */
  list(
    name: string,
    isGood: (text: string) => boolean,
    what: string,
    fallback?: readonly string[],
  ): string[] {
    const value = this.#take(name) ?? fallback;
    const good = (entry: unknown) => typeof entry === "string" && isGood(entry);
    if (Array.isArray(value) && value.length > 0 && value.every(good) && new Set(value).size === value.length)
      return value;
    throw this.fail(name, `a list, each once, of ${what}`);
  }

  integer(name: string, least: number, most: number, fallback: number): number {
    const value = this.#take(name) ?? fallback;
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
      return value as number;
    throw this.fail(name, `a whole number from ${least} to ${most}`);
  }

  /** Refuses fields that were not read. */
  end(): void {
    const unknown = Object.keys(this.#fields).find((name) => !this.#known.has(name));
    if (unknown === undefined) return;
    const known = [...this.#known].map(quote).join(", ");
    throw new SidegateError("SG4601", `${quote(this.#at(unknown))} is not known; there are ${known}`);
  }

  fail(name: string, wanted: string): SidegateError {
    const field = name === "" ? this.#path || "the file" : this.#at(name);
    return new SidegateError("SG4601", `${field} must be ${wanted}`);
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#fields[name] ?? undefined;
  }

  #at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}
