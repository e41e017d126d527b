import { invalidOptions } from "./api-error.ts";

/** What to do about fields that the schema does not have. */
type FieldValidation = "Ignore" | "Warn" | "Strict";

/** The options that all writes share. */
export interface WriteOptions {
  /** How messages name these options: CreateOptions, UpdateOptions, PatchOptions. */
  readonly kind: string;
  /** Who owns the fields that this write changes. */
  readonly manager: string;
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

/** Reads the query of a write. The manager defaults to the user agent up to its first slash. Throws 422. */
export function writeOptionsOf(kind: string, query: URLSearchParams, userAgent: string): WriteOptions {
  const fieldValidation = query.get("fieldValidation") || "Warn";
  if (fieldValidation !== "Ignore" && fieldValidation !== "Warn" && fieldValidation !== "Strict") {
    const text = `Unsupported value: "${fieldValidation}": supported values: "Ignore", "Strict", "Warn"`;
    throw invalidOptions(kind, "fieldValidation", "FieldValueNotSupported", text);
  }
  const manager = query.get("fieldManager") || userAgent.split("/")[0] || "unknown";
  return {
    kind,
    manager: manager.slice(0, 128),
    dryRun: isDryRun(kind, query.getAll("dryRun")),
    fieldValidation,
  };
}

export function isDryRun(kind: string, values: readonly unknown[]): boolean {
  const given = values.filter((value) => value !== "");
  if (given.some((value) => value !== "All")) {
    const text = `Unsupported value: ${JSON.stringify(given)}: supported values: "All"`;
    throw invalidOptions(kind, "dryRun", "FieldValueNotSupported", text);
  }
  return given.length > 0;
}
