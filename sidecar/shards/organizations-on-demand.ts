import type { LoadedGrants } from "../../engine/policy/loaded-grants.ts";
import { ShardNeeded } from "../../engine/policy/organizations.ts";
import { type ListedOrganizations, notAtOnce } from "./listed-organizations.ts";
import type { Loader } from "./loader.ts";
import { PinnedOrganizations } from "./pinned-organizations.ts";

/**
 * The organizations of a policy, of which those used last are in memory. A question that finds all it needs there is answered
 * by this as it is; one that does not is worked at with what `pinned` returns, which holds on to what has been loaded for it.
 */
export class OrganizationsOnDemand implements ListedOrganizations {
  readonly isResident = false;
  readonly domain: string;
  readonly hashes: ReadonlyMap<string, string>;
  readonly loader: Loader;
  #names: readonly string[] | undefined;

  constructor(loader: Loader, domain: string, hashes: ReadonlyMap<string, string>) {
    this.loader = loader;
    this.domain = domain;
    this.hashes = hashes;
  }

  /** The same organizations for one question, or one list. */
  pinned(): PinnedOrganizations {
    return new PinnedOrganizations(this);
  }

  get names(): readonly string[] {
    return (this.#names ??= [...this.hashes.keys()]);
  }

  get size(): number {
    return this.hashes.size;
  }

  has(name: string): boolean {
    return this.hashes.has(name);
  }

  keys(): MapIterator<string> {
    return this.hashes.keys();
  }

  get(name: string): LoadedGrants | undefined {
    const hash = this.hashes.get(name);
    if (hash === undefined) return undefined;
    const grants = this.loader.resident(hash);
    if (grants === undefined) throw new ShardNeeded(name);
    return grants;
  }

  visit(name: string): LoadedGrants | undefined {
    return this.get(name);
  }

  some(test: (grants: LoadedGrants) => boolean): boolean {
    for (const name of this.hashes.keys()) if (test(this.get(name)!)) return true;
    return false;
  }

  memberUntil(name: string, bytes: Uint8Array, start: number, end: number, hash: number): number | undefined {
    const grants = this.get(name);
    return grants?.memberUntil(grants.findSubject(bytes, start, end, hash));
  }

  begin(): void {}

  values(): never {
    throw notAtOnce();
  }

  entries(): never {
    throw notAtOnce();
  }

  forEach(): never {
    throw notAtOnce();
  }

  [Symbol.iterator](): never {
    throw notAtOnce();
  }
}
