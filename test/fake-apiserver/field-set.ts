import { isObject, type JsonObject } from "./json.ts";
import { childShape, type Shape } from "./shape.ts";

/**
 * A set of field paths as a tree; the elements of a path are spelled as in FieldsV1: `f:NAME`, `k:{...}`, `v:VALUE`.
 * Immutable.
 */
export class FieldSet {
  static readonly empty = new FieldSet(false, new Map());
  /** Just the root path: used for what is owned as a whole. */
  static readonly leaf = new FieldSet(true, new Map());

  /** Whether the path that leads here is in the set. */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;

  private constructor(member: boolean, children: ReadonlyMap<string, FieldSet>) {
    this.member = member;
    this.children = children;
  }

  static of(member: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet {
    const kept = new Map<string, FieldSet>();
    for (const [element, child] of children) if (!child.isEmpty) kept.set(element, child);
    return new FieldSet(member, kept);
  }

  /** Reads FieldsV1: a member without members below is `{}`, one with them has ".". */
  static decode(fields: JsonObject): FieldSet {
    const children: [string, FieldSet][] = [];
    for (const [element, value] of Object.entries(fields)) {
      if (element === "." || !isObject(value)) continue;
      const child = FieldSet.decode(value);
      children.push([element, child.isEmpty ? FieldSet.leaf : child]);
    }
    return FieldSet.of("." in fields, children);
  }

  get isEmpty(): boolean {
    return !this.member && this.children.size === 0;
  }

  encode(): JsonObject {
    const fields: JsonObject = this.member && this.children.size > 0 ? { ".": {} } : {};
    for (const [element, child] of [...this.children].sort(([a], [b]) => (a < b ? -1 : 1))) {
      fields[element] = child.encode();
    }
    return fields;
  }

  union(other: FieldSet): FieldSet {
    const children = new Map(this.children);
    for (const [element, child] of other.children) {
      children.set(element, children.get(element)?.union(child) ?? child);
    }
    return FieldSet.of(this.member || other.member, children);
  }

  /** The paths of this set that are not in the other. */
  difference(other: FieldSet): FieldSet {
    return FieldSet.of(
      this.member && !other.member,
      [...this.children].map(([element, child]) => {
        const taken = other.children.get(element);
        return [element, taken === undefined ? child : child.difference(taken)] as const;
      }),
    );
  }

  intersection(other: FieldSet): FieldSet {
    return FieldSet.of(
      this.member && other.member,
      [...this.children].map(([element, child]) => {
        const both = other.children.get(element);
        return [element, both === undefined ? FieldSet.empty : child.intersection(both)] as const;
      }),
    );
  }

  /** Also with the paths on the way to each member, as far as they are named fields of the shape. */
  withNamedFields(shape: Shape): FieldSet {
    const children = [...this.children].map(([element, child]) => {
      const named =
        shape.kind === "fields" && element.startsWith("f:") && Object.hasOwn(shape.fields, element.slice(2));
      const below = child.withNamedFields(childShape(shape, element));
      return [element, named ? below.union(FieldSet.leaf) : below] as const;
    });
    return FieldSet.of(this.member, children);
  }

  /**
   * All paths as messages spell them, `.status.conditions[type="Ready"].status`; those that end here before those that
   * go on.
   */
  *paths(prefix = ""): Generator<string> {
    const children = [...this.children].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [element, child] of children) if (child.member) yield prefix + spell(element);
    for (const [element, child] of children) yield* child.paths(prefix + spell(element));
  }
}

function spell(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:")) return `.${text}`;
  if (element.startsWith("v:")) return `[=${text}]`;
  const keys = Object.entries(JSON.parse(text) as JsonObject).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  return `[${keys.join(",")}]`;
}
