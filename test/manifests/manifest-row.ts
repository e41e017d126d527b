import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { expandRow } from "./expand-row.ts";

/** One manifest and what becomes of it, with and without a cluster. */
export interface ManifestRow {
  /** The kind of the table and what is special about the manifest. */
  readonly title: string;
  readonly manifest: Manifest;
  /** The object before the change, where the row is about one. */
  readonly old?: Manifest;
  /** A part of what is said when it is refused; undefined where it is accepted. */
  readonly refused?: string;
  /** The spec that is stored, where the row is about defaults. */
  readonly becomes?: unknown;
}

/** A manifest as it is parsed, right or wrong. */
export type Manifest = Readonly<Record<string, unknown>>;

interface Table {
  readonly kind: string;
  readonly rows: readonly {
    readonly name: string;
    readonly spec?: unknown;
    readonly oldSpec?: unknown;
    readonly manifest?: Manifest;
    readonly refused?: string;
    readonly becomes?: unknown;
  }[];
}

/** All rows of tables/*.yaml. A row gives a whole manifest, or a spec that the rest is added to. */
export function readManifestRows(): readonly ManifestRow[] {
  const folder = new URL("tables/", import.meta.url);
  return readdirSync(folder)
    .sort()
    .flatMap((file) => toRows(file, parse(readFileSync(new URL(file, folder), "utf8")) as Table));
}

function toRows(file: string, table: Table): ManifestRow[] {
  return table.rows.map((row) => {
    const { name, spec, oldSpec, manifest, ...expected } = row;
    return {
      ...expected,
      title: `${file.replace(".yaml", "")}: ${name}`,
      manifest: (expandRow(manifest) ?? wrap(table.kind, spec)) as Manifest,
      ...(oldSpec === undefined ? {} : { old: wrap(table.kind, oldSpec) }),
    };
  });
}

function wrap(kind: string, spec: unknown): Manifest {
  const name = kind === "AccessDomain" ? "default" : "row";
  return { apiVersion: "sidegate.dev/v1alpha1", kind, metadata: { name }, spec: expandRow(spec) };
}
