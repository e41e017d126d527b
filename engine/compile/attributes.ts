/** Attributes as objects store them. */
type Stored = Readonly<Record<string, string>> | undefined;

/** The distinct attribute sets of a shard, in an order that depends on them alone. */
export class AttributeColumn {
  readonly #rows = new Map<string, number>();

  /** @param all all that the shard needs, in any order */
  constructor(all: Iterable<Stored>) {
    const texts = new Set<string>();
    for (const attributes of all) if (!isEmpty(attributes)) texts.add(textOf(attributes));
    for (const text of [...texts].sort()) this.#rows.set(text, this.#rows.size);
  }

  /** 0 for none, or 1 plus the row. */
  row(attributes: Stored): number {
    return isEmpty(attributes) ? 0 : 1 + (this.#rows.get(textOf(attributes)) as number);
  }

  encode() {
    return [...this.#rows.keys()].map((text) => {
      const entries = JSON.parse(text) as [string, string][];
      return { keys: entries.map(([key]) => key), values: entries.map(([, value]) => value) };
    });
  }
}

/** Whether there are none. */
export function isEmpty(attributes: Stored): attributes is undefined {
  return attributes === undefined || Object.keys(attributes).length === 0;
}

function textOf(attributes: NonNullable<Stored>): string {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}
