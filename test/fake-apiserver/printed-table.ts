import type { JsonObject } from "./json.ts";
import { valuesAt } from "./json-path.ts";
import type { KubeObject } from "./kube-object.ts";
import type { PrinterColumn, ResourceType } from "./resource-type.ts";

const MEDIA_TYPE = /application\/json;[^,]*\bas=Table\b/;

/** Whether a client would rather have a table, as `kubectl get` does. */
export function wantsTable(accept: string): boolean {
  return MEDIA_TYPE.test(accept) && /\bg=meta\.k8s\.io\b/.test(accept);
}

const nameColumn: PrinterColumn = {
  name: "Name",
  type: "string",
  format: "name",
  jsonPath: ".metadata.name",
};
const ageColumn: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

/** What `kubectl get` prints (meta.k8s.io/v1 Table): a row for each object, with its metadata. */
export function printTable(
  type: ResourceType,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  now: Date,
  options: { readonly withColumns: boolean } = { withColumns: true },
): JsonObject {
  const columns = [nameColumn, ...(type.columns.length > 0 ? type.columns : [ageColumn])];
  const rows = objects.map((object) => ({
    cells: columns.map((column) => cellOf(object, column, now)),
    object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
  }));
  const columnDefinitions = options.withColumns
    ? columns.map(({ name, type, format = "", description = "", priority = 0 }) => ({
        name,
        type,
        format,
        description,
        priority,
      }))
    : null;
  return { kind: "Table", apiVersion: "meta.k8s.io/v1", metadata, columnDefinitions, rows };
}

function cellOf(object: KubeObject, column: PrinterColumn, now: Date): unknown {
  const [value] = valuesAt(object, column.jsonPath);
  if (value === undefined || value === null) return null;
  if (column.type === "date") return ageOf(String(value), now);
  return column.type === "string" && typeof value === "object" ? JSON.stringify(value) : value;
}

/** "42s", "3m5s", "7m", "5h", "2d": coarser the older, as kubectl shows ages. */
function ageOf(time: string, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(time)) / 1000);
  if (Number.isNaN(seconds)) return "<invalid>";
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years >= 8 || days % 365 === 0 ? `${years}y` : `${years}y${days % 365}d`;
}
