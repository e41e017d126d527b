import { stringify } from "yaml";
import type { OutputFormat } from "./options.ts";

/** Writes a result for scripts (JSON, YAML) or people. */
export function formatResult<T>(format: OutputFormat, result: T, formatTable: (result: T) => string): string {
  if (format === "json") return `${JSON.stringify(result, null, 2)}\n`;
  if (format === "yaml") return stringify(result, { aliasDuplicateObjects: false });
  return formatTable(result);
}
