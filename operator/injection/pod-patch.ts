import type { JsonPatchOperation } from "../admission/review.ts";

/** Collects the operations of a JSON patch; makes the lists and objects that are not there yet. */
export class PodPatch {
  readonly operations: JsonPatchOperation[] = [];
  readonly #made = new Set<string>();

  /** Adds an entry to the end of a list. @param list as it is in the pod */
  append(path: string, list: readonly unknown[] | undefined, entry: unknown): void {
    if (this.#exists(path, list)) this.#add(`${path}/-`, entry);
    else this.#add(path, [entry]);
  }

  /** Adds an entry to the beginning of a list. */
  prepend(path: string, list: readonly unknown[] | undefined, entry: unknown): void {
    if (this.#exists(path, list)) this.#add(`${path}/0`, entry);
    else this.#add(path, [entry]);
  }

  /** Moves an entry of a list to its beginning. */
  moveFirst(path: string, list: readonly unknown[], index: number): void {
    this.operations.push({ op: "remove", path: `${path}/${index}` });
    this.#add(`${path}/0`, list[index]);
  }

  /** Sets a member of an object. */
  set(
    path: string,
    object: Readonly<Record<string, unknown>> | undefined,
    name: string,
    value: unknown,
  ): void {
    if (this.#exists(path, object)) this.#add(`${path}/${escapeStep(name)}`, value);
    else this.#add(path, { [name]: value });
  }

  #exists(path: string, value: unknown): boolean {
    if (value !== undefined || this.#made.has(path)) return true;
    this.#made.add(path);
    return false;
  }

  #add(path: string, value: unknown): void {
    this.operations.push({ op: "add", path, value });
  }
}

/** A name as a step of a JSON pointer (RFC 6901). */
function escapeStep(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
