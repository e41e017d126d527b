import type { KubeObject } from "./kube-object.ts";

interface Version {
  readonly revision: number;
  /** Undefined: deleted at this revision. */
  readonly object: KubeObject | undefined;
}

/** The versions of all objects of one kind. */
export class VersionTable {
  readonly #versions = new Map<string, Version[]>();
  /** All keys in order; undefined when a key came or went since it was made. */
  #order: string[] | undefined;

  at(key: string, revision: number): KubeObject | undefined {
    return newest(this.#versions.get(key), revision);
  }

  write(key: string, revision: number, object: KubeObject | undefined): void {
    const versions = this.#versions.get(key);
    if (versions !== undefined) {
      versions.push({ revision, object });
      return;
    }
    this.#versions.set(key, [{ revision, object }]);
    this.#order = undefined;
  }

  *scan(revision: number, start: string): Generator<[key: string, object: KubeObject]> {
    this.#order ??= [...this.#versions.keys()].sort();
    const order = this.#order;
    for (let i = lowerBound(order, start); i < order.length; i++) {
      const key = order[i] as string;
      const object = this.at(key, revision);
      if (object !== undefined) yield [key, object];
    }
  }

  /** Drops the versions that no read at or after `revision` can see. */
  compact(revision: number): void {
    for (const [key, versions] of this.#versions) {
      let first = versions.length - 1;
      while (first > 0 && (versions[first] as Version).revision > revision) first--;
      if (first > 0) versions.splice(0, first);
      if (versions.length === 1 && versions[0]?.object === undefined) {
        this.#versions.delete(key);
        this.#order = undefined;
      }
    }
  }
}

function newest(versions: Version[] | undefined, revision: number): KubeObject | undefined {
  if (versions === undefined) return undefined;
  for (let i = versions.length - 1; i >= 0; i--) {
    const version = versions[i] as Version;
    if (version.revision <= revision) return version.object;
  }
  return undefined;
}

function lowerBound(order: readonly string[], start: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] as string) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
