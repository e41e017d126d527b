import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { kinds, type SidegateObject } from "../../engine/model/objects.generated.ts";
import type { Position } from "../../engine/model/position.ts";
import { type ObjectKey, objectKey } from "../../engine/model/references.ts";
import { isTerminating, type World } from "../../engine/model/world.ts";
import type { ObjectChange } from "../domains.ts";

/** Set to "true" on an object whose deletion is not to be held back. */
export const URGENT_ANNOTATION = "sidegate.dev/urgent";

interface Change {
  /** As it was when the policy in the book was made. */
  readonly before: SidegateObject | undefined;
  /** As it was last seen. */
  readonly last: SidegateObject | undefined;
  readonly isGone: boolean;
}

/** What changed in a domain since the policy in the book was made, so that the world of that policy can be had again. */
export class UnreleasedChanges {
  readonly #changes = new Map<ObjectKey, Change>();

  note({ kind, name, before, after, isContent }: ObjectChange): void {
    if (!isContent) return;
    const key = objectKey(kind, name);
    const known = this.#changes.get(key);
    this.#changes.set(key, {
      before: known === undefined ? before : known.before,
      last: after ?? before,
      isGone: after === undefined || isTerminating(after),
    });
  }

  clear(): void {
    this.#changes.clear();
  }

  /** The keys of objects that were deleted, or marked for it, as urgent. */
  urgentDeletions(): ReadonlySet<ObjectKey> {
    const urgent = new Set<ObjectKey>();
    for (const [key, change] of this.#changes) if (isUrgentDeletion(change)) urgent.add(key);
    return urgent;
  }

  /**
   * Compiles the world as it was, but for the changes of these objects.
   *
   * @param world as it is
   * @param position of the policy in the book; the result has read no further but for those objects
   */
  compileWith(included: ReadonlySet<ObjectKey>, world: World, position: Position): CompiledPolicy {
    const compiler = new DomainCompiler(world.domain);
    const isUndone = (key: ObjectKey) => this.#changes.has(key) && !included.has(key);
    for (const kind of kinds) {
      for (const object of world.list(kind))
        if (!isUndone(objectKey(kind, object.metadata.name))) compiler.put(object);
    }
    for (const [key, { before }] of this.#changes)
      if (before !== undefined && isUndone(key)) compiler.put(before);
    return compiler.compile(position);
  }
}

function isUrgentDeletion({ before, last, isGone }: Change): boolean {
  return before !== undefined && isGone && last?.metadata.annotations?.[URGENT_ANNOTATION] === "true";
}
