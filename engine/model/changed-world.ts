import { type Catalog, mergeCatalogs } from "../catalog/merge-catalogs.ts";
import { findIncludeCycles, type IncludeCycle } from "./include-cycles.ts";
import type { Kind, ObjectOf, SidegateObject } from "./objects.generated.ts";
import { type ObjectKey, referencesOf } from "./references.ts";
import { isTerminating, World } from "./world.ts";

/**
 * A world as it would be if one object were another or were not there. It copies nothing and follows the world that it lies on.
 * It can not be changed itself.
 */
export class ChangedWorld extends World {
  readonly #base: World;
  readonly #kind: Kind;
  readonly #name: string;
  readonly #object: SidegateObject | undefined;
  readonly #references: ReadonlySet<ObjectKey>;
  #changedCatalog: Catalog | undefined;
  #changedCycles: ReadonlyMap<string, IncludeCycle> | undefined;

  /** @param object what takes the place of the one of that kind and name; undefined: nothing */
  constructor(base: World, kind: Kind, name: string, object: SidegateObject | undefined) {
    super(base.domain);
    this.#base = base;
    this.#kind = kind;
    this.#name = name;
    this.#object = object;
    this.#references = new Set(object && referencesOf(object));
  }

  override put(): void {
    throw new Error("a changed world can not be changed");
  }

  override remove(): void {
    throw new Error("a changed world can not be changed");
  }

  override get<K extends Kind>(kind: K, name: string): ObjectOf<K> | undefined {
    if (kind === this.#kind && name === this.#name) return this.#object as ObjectOf<K> | undefined;
    return this.#base.get(kind, name);
  }

  override list<K extends Kind>(kind: K): Iterable<ObjectOf<K>> {
    return kind === this.#kind ? this.#listChanged(kind) : this.#base.list(kind);
  }

  override count(kind?: Kind): number {
    const count = this.#base.count(kind);
    if (kind !== undefined && kind !== this.#kind) return count;
    const before = this.#base.get(this.#kind, this.#name) === undefined ? 0 : 1;
    return count - before + (this.#object === undefined ? 0 : 1);
  }

  override get catalog(): Catalog {
    if (this.#kind !== "PermissionCatalog") return this.#base.catalog;
    return (this.#changedCatalog ??= mergeCatalogs(this.listLive("PermissionCatalog")));
  }

  override get includeCycles(): ReadonlyMap<string, IncludeCycle> {
    const isSame =
      this.#kind !== "AccessRole" && (this.#kind !== "AccessRoleBinding" || !this.hasTerminatingRoles);
    if (isSame) return this.#base.includeCycles;
    return (this.#changedCycles ??= findIncludeCycles(this.listLive("AccessRole")));
  }

  override get hasTerminatingRoles(): boolean {
    if (this.#kind !== "AccessRole") return this.#base.hasTerminatingRoles;
    // One that only the base has makes a little more work, and changes nothing.
    return this.#base.hasTerminatingRoles || (this.#object !== undefined && isTerminating(this.#object));
  }

  override *referring<K extends Kind>(by: K, target: ObjectKey): Iterable<ObjectOf<K>> {
    for (const object of this.#base.referring(by, target)) if (!this.#isHidden(object)) yield object;
    const own = this.#object;
    if (own?.kind === by && !isTerminating(own) && this.#references.has(target)) yield own as ObjectOf<K>;
  }

  override *referrers(target: ObjectKey, by?: Kind): Iterable<SidegateObject> {
    for (const object of this.#base.referrers(target, by)) if (!this.#isHidden(object)) yield object;
    const own = this.#object;
    if (own !== undefined && (by === undefined || by === own.kind) && this.#references.has(target)) yield own;
  }

  *#listChanged<K extends Kind>(kind: K): Iterable<ObjectOf<K>> {
    for (const object of this.#base.list(kind)) if (!this.#isHidden(object)) yield object;
    if (this.#object !== undefined) yield this.#object as ObjectOf<K>;
  }

  #isHidden({ kind, metadata }: SidegateObject): boolean {
    return kind === this.#kind && metadata.name === this.#name;
  }
}
