import { bucketOf } from "../model/hash.ts";
import type { LoadedDirectory } from "./loaded-buckets.ts";
import type { LoadedGrants } from "./loaded-grants.ts";
import type { Organizations } from "./organizations.ts";

/**
 * Finds the organizations of scopes. Where all are in memory, each one that a directory names is looked up by its name once:
 * names and the map of them would be as many cache lines again as the rest of finding a scope.
 */
export class ScopeIndex {
  readonly #directories: readonly (LoadedDirectory | undefined)[];
  readonly #organizations: Organizations;
  // By bucket and by the organization's row there, as far as asked.
  readonly #found: (LoadedGrants | undefined)[][] = [];

  /** @param directories by bucket */
  constructor(directories: readonly (LoadedDirectory | undefined)[], organizations: Organizations) {
    this.#directories = directories;
    this.#organizations = organizations;
  }

  /** The organization of the scope with this key, or undefined. @throws ShardNeeded as `Organizations` */
  organizationOf(bytes: Uint8Array, start: number, end: number, hash: number): LoadedGrants | undefined {
    const bucket = bucketOf(hash);
    const directory = this.#directories[bucket];
    if (directory === undefined) return undefined;
    const row = directory.find(bytes, start, end, hash);
    if (row < 0) return undefined;
    const { organizations } = directory;
    if (!this.#organizations.isResident) return this.#organizations.get(organizations[row]!);
    const found = (this.#found[bucket] ??= new Array<LoadedGrants | undefined>(organizations.length));
    return (found[row] ??= this.#organizations.get(organizations[row]!));
  }

  /** The same directories for other means to get at the organizations. */
  withOrganizations(organizations: Organizations): ScopeIndex {
    return new ScopeIndex(this.#directories, organizations);
  }
}
