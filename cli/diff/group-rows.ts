import type { DiffEntry } from "../../engine/diff/diff-entry.ts";

/** What one subject gained and lost at one scope. */
export interface DiffRow {
  /** "User:ada" */
  readonly subject: string;
  readonly scope: string;
  /** Permissions that are allowed now and were not at all, and the other way round. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** Permissions that hang on names or conditions before or after, with what became of them. */
  readonly conditional: readonly string[];
}

/** Puts entries that follow one another together by subject and scope. */
export function* groupRows(entries: Iterable<DiffEntry>): Generator<DiffRow> {
  let group: DiffEntry[] = [];
  for (const entry of entries) {
    const [first] = group;
    if (first !== undefined && !isSamePlace(first, entry)) {
      yield rowOf(group);
      group = [];
    }
    group.push(entry);
  }
  if (group.length > 0) yield rowOf(group);
}

function isSamePlace(a: DiffEntry, b: DiffEntry): boolean {
  return a.scope === b.scope && a.subject.kind === b.subject.kind && a.subject.name === b.subject.name;
}

function rowOf(entries: readonly DiffEntry[]): DiffRow {
  const [{ subject, scope }] = entries as [DiffEntry];
  const named = (wanted: (entry: DiffEntry) => boolean) =>
    entries.filter(wanted).map(({ permission }) => permission);
  return {
    subject: `${subject.kind}:${subject.name}`,
    scope,
    gained: named(({ before, after }) => before === "None" && after === "Always"),
    lost: named(({ before, after }) => before === "Always" && after === "None"),
    conditional: entries.filter(isConditional).map(describeChange),
  };
}

/** Whether it hangs on names or conditions, before or after. */
export function isConditional({ before, after }: Pick<DiffEntry, "before" | "after">): boolean {
  return before === "Conditional" || after === "Conditional";
}

function describeChange({ permission, before, after, conditions }: DiffEntry): string {
  if (conditions !== undefined) return `${permission} (${conditions.toLowerCase()} conditions)`;
  return `${permission} (${before.toLowerCase()} to ${after.toLowerCase()})`;
}
