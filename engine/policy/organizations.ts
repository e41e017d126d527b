import type { LoadedGrants } from "./loaded-grants.ts";

/**
 * The organizations of a policy by name, ordered by it. Usually all are in memory; where only some are, whoever has them
 * made throws ShardNeeded for one that is not, and whoever asked does the same work again once it is there. So the engine
 * neither waits nor answers from what is missing.
 *
 * INVARIANT: `has`, `keys` and `size` are about all organizations, in memory or not.
 */
export interface Organizations extends ReadonlyMap<string, LoadedGrants> {
  /** Whether all are in memory, so that nothing ever throws ShardNeeded. */
  readonly isResident: boolean;
  /** The shard of an organization, which stays for as long as the question is worked at. */
  get(name: string): LoadedGrants | undefined;
  /** The same for one of many that are looked at one after the other: it may go when the next is asked for. */
  visit(name: string): LoadedGrants | undefined;
  /** Whether a test holds for one of them. They are visited in order, and none after the first for which it holds. */
  some(test: (grants: LoadedGrants) => boolean): boolean;
  /**
   * When the membership of a subject ends, in milliseconds since 1970; undefined: it is no member, or there is no such
   * organization. The subject is given as a key in bytes with its hash.
   */
  memberUntil(name: string, bytes: Uint8Array, start: number, end: number, hash: number): number | undefined;
  /** Says that work begins which will be done again from here when a shard is needed. */
  begin(): void;
}

/** Thrown where work needs the shard of an organization that is not in memory. It is no failure: the work is done again. */
export class ShardNeeded extends Error {
  readonly organization: string;

  constructor(organization: string) {
    super(`The shard of organization "${organization}" is not in memory`);
    this.name = "ShardNeeded";
    this.organization = organization;
  }
}

/** All organizations of a policy, in memory. */
export class ResidentOrganizations extends Map<string, LoadedGrants> implements Organizations {
  readonly isResident = true;

  visit(name: string): LoadedGrants | undefined {
    return this.get(name);
  }

  some(test: (grants: LoadedGrants) => boolean): boolean {
    for (const grants of this.values()) if (test(grants)) return true;
    return false;
  }

  memberUntil(name: string, bytes: Uint8Array, start: number, end: number, hash: number): number | undefined {
    const grants = this.get(name);
    return grants?.memberUntil(grants.findSubject(bytes, start, end, hash));
  }

  begin(): void {}
}

/**
 * Does work that may need shards which are not in memory: yields until they are. The caller has them loaded before it goes
 * on, as the doors of the sidecar do; with all organizations in memory nothing is ever yielded.
 */
export function* untilLoaded<T>(organizations: Organizations, work: () => T): Generator<undefined, T> {
  for (;;) {
    organizations.begin();
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ShardNeeded)) throw error;
    }
    yield undefined;
  }
}

/** Visits an organization that exists. Yields until its shard is in memory. */
export function* visitOrganization(
  { organizations }: { readonly organizations: Organizations },
  name: string,
): Generator<undefined, LoadedGrants> {
  return (yield* untilLoaded(organizations, () => organizations.visit(name)))!;
}
