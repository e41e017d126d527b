import type { LoadedGrants } from "../policy/loaded-grants.ts";

/** Where a request is made: a row of a shard. */
export interface Place {
  readonly grants: LoadedGrants;
  readonly row: number;
}

/** Whether a scope is another one or above it, both rows of the same shard. */
export function isOnChain({ grants }: Pick<Place, "grants">, scope: number, below: number): boolean {
  for (let row = below; ; row = grants.parentOf(row)) {
    if (row === scope) return true;
    if (row === 0) return false;
  }
}
