/**
 * The users and service accounts of all organizations but one, in ascending order, where the organizations are not all in
 * memory: each pass visits all of them and takes the least keys after those of the last pass.
 *
 *   handing out  keys of the last pass are left
 *   passing      organizations are visited; one that is not in memory ends the step, and the next step asks for it again
 *   over         a pass found no key
 */
import { byCodeUnits } from "../model/order.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import { type Organizations, ShardNeeded } from "../policy/organizations.ts";
import { firstFrom, successor } from "./first-from.ts";

/** Keys that a pass takes. Each pass loads every organization once, so few would be slow and many a burden. */
const PASS = 4096;

/** Groups that callers assert come after all subjects proper. */
const END = SubjectDigit.Group;

interface Pass {
  readonly names: Iterator<string>;
  /** The organization that is visited next; undefined: all have been. */
  name: string | undefined;
  /** The least keys so far. */
  keys: Set<string>;
}

export class OrganizationsStream {
  head: string | undefined;
  readonly #organizations: Organizations;
  readonly #except: string;
  #after: string;
  #keys: string[] = [];
  #next = 0;
  #pass: Pass | undefined;

  /**
   * @param except the name of the organization to leave out; empty: none
   * @param after keys come after this one; empty: from the start
   */
  constructor(organizations: Organizations, except: string, after: string) {
    this.#organizations = organizations;
    this.#except = except;
    this.#after = after;
  }

  /** Looks for the next key. @returns whether it, or the end, has been found; if not, ask again */
  step(): boolean {
    this.head = this.#keys[this.#next++];
    if (this.head !== undefined) return true;
    this.#pass ??= this.#begin();
    if (!this.#visitNext(this.#pass)) return false;
    const isOver = this.#pass.keys.size === 0;
    this.#keys = [...this.#pass.keys].sort(byCodeUnits).slice(0, PASS);
    this.#after = this.#keys.at(-1) ?? this.#after;
    this.#next = 0;
    this.#pass = undefined;
    return isOver;
  }

  #begin(): Pass {
    const names = this.#organizations.keys()[Symbol.iterator]();
    return { names, name: next(names), keys: new Set<string>() };
  }

  /** @returns whether all have been visited */
  #visitNext(pass: Pass): boolean {
    const { name } = pass;
    if (name === undefined) return true;
    if (name !== this.#except) {
      const grants = this.#visit(name);
      if (grants === undefined) return false;
      this.#take(grants, pass);
    }
    pass.name = next(pass.names);
    return pass.name === undefined;
  }

  #visit(name: string): LoadedGrants | undefined {
    this.#organizations.begin();
    try {
      return this.#organizations.visit(name);
    } catch (error) {
      if (error instanceof ShardNeeded) return undefined;
      throw error;
    }
  }

  #take({ subjects }: LoadedGrants, pass: Pass): void {
    const end = firstFrom(subjects, END);
    const start = this.#after === "" ? 0 : firstFrom(subjects, successor(this.#after));
    for (let row = start; row < Math.min(end, start + PASS); row++) pass.keys.add(subjects.text(row));
    // What is beyond the least of them belongs to a later pass.
    if (pass.keys.size > 4 * PASS) pass.keys = new Set([...pass.keys].sort(byCodeUnits).slice(0, PASS));
  }
}

function next(names: Iterator<string>): string | undefined {
  const { done, value } = names.next();
  return done ? undefined : value;
}
