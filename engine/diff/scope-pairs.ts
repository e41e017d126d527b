import { Level } from "../model/scope.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Shard } from "./grant-rows.ts";

/** One scope in two policies; a row of -1: it is not in that shard. */
export interface ScopePair {
  /** The digit of its level and its name. */
  readonly key: string;
  readonly level: Level;
  readonly before: number;
  readonly after: number;
  /** Whether what conditions can learn of it is not the same. */
  readonly hasOtherFacts: boolean;
}

/** The scopes of two shards, each once, in the order of their keys. */
export function pairScopes(before: Shard, after: Shard): ScopePair[] {
  const pairs: ScopePair[] = [];
  for (let row = 0; row < (before?.scopes.size ?? 0); row++) {
    const key = before!.scopes.text(row);
    const other = before === after ? row : (after?.scopes.findText(key) ?? -1);
    pairs.push(pairOf(key, before, row, after, other));
  }
  for (let row = 0; row < (after?.scopes.size ?? 0); row++) {
    const key = after!.scopes.text(row);
    if ((before?.scopes.findText(key) ?? -1) < 0) pairs.push(pairOf(key, before, -1, after, row));
  }
  return pairs;
}

/** A pair of rows of any two shards. */
export function pairOf(key: string, before: Shard, row: number, after: Shard, other: number): ScopePair {
  const hasOtherFacts =
    before !== after && row >= 0 && other >= 0 && factsOf(before!, row) !== factsOf(after!, other);
  return { key, level: Number(key[0]) as Level, before: row, after: other, hasOtherFacts };
}

/** Whether two shards are not made of the same scopes, in the same tree, with the same facts, and open alike. */
export function hasOtherScopes(before: Shard, after: Shard, pairs: readonly ScopePair[]): boolean {
  if (before === after) return false;
  if (before === undefined || after === undefined || before.suspended !== after.suspended) return true;
  return pairs.some(
    (pair) =>
      pair.before < 0 ||
      pair.after < 0 ||
      pair.hasOtherFacts ||
      before.scopes.text(before.parentOf(pair.before)) !== after.scopes.text(after.parentOf(pair.after)),
  );
}

function factsOf(grants: LoadedGrants, row: number): string {
  const facts: unknown[] = [grants.organization];
  for (let scope = row; ; scope = grants.parentOf(scope)) {
    const isWorkspace = grants.levelOf(scope) === Level.Workspace;
    facts.push(
      isWorkspace && grants.scopes.text(scope),
      grants.scopeType(scope),
      grants.scopeAttributes(scope),
    );
    if (scope === 0) return JSON.stringify(facts);
  }
}
