import { describe, expect, test } from "vitest";
import { builtinTypes } from "./builtin-types.ts";
import { printTable, wantsTable } from "./printed-table.ts";
import type { ResourceType } from "./resource-type.ts";

const lease = builtinTypes.find(({ kind }) => kind === "Lease") as ResourceType;
const now = new Date("2026-01-10T00:00:00Z");

function cells(columns: ResourceType["columns"], fields: object, creationTimestamp = "2026-01-09T23:59:18Z") {
  const object = { apiVersion: "v1", kind: "Thing", metadata: { name: "n", creationTimestamp }, ...fields };
  return (printTable({ ...lease, columns }, [object], {}, now).rows as { cells: unknown[] }[])[0]?.cells;
}

describe("a table", () => {
  test("has the name, the columns of the kind, and the age", () => {
    const table = printTable(lease, [], { resourceVersion: "5" }, now);
    const names = (table.columnDefinitions as { name: string }[]).map(({ name }) => name);
    expect([table.kind, names, table.metadata]).toEqual([
      "Table",
      ["Name", "Holder", "Age"],
      { resourceVersion: "5" },
    ]);
  });

  test("shows what is at the path of a column", () => {
    const jsonPath = '.status.conditions[?(@.type=="Accepted")].status';
    const columns = [
      { name: "Accepted", type: "string", jsonPath },
      { name: "First", type: "string", jsonPath: ".spec.subjects[0].name" },
      { name: "All", type: "string", jsonPath: ".spec.subjects" },
      { name: "Size", type: "integer", jsonPath: ".spec.size" },
      { name: "Label", type: "string", jsonPath: ".metadata.labels['a.b/c']" },
    ];
    const status = {
      conditions: [
        { type: "Other", status: "False" },
        { type: "Accepted", status: "True" },
      ],
    };
    const spec = { subjects: [{ name: "ann" }], size: 3 };
    expect(cells(columns, { spec, status })).toEqual(["n", "True", "ann", '[{"name":"ann"}]', 3, null]);
  });

  test.each([
    ["2026-01-09T23:59:18Z", "42s"],
    ["2026-01-09T23:58:01Z", "119s"],
    ["2026-01-09T23:56:55Z", "3m5s"],
    ["2026-01-09T23:48:30Z", "11m"],
    ["2026-01-09T19:30:00Z", "4h30m"],
    ["2026-01-08T23:00:00Z", "25h"],
    ["2026-01-06T01:00:00Z", "3d23h"],
    ["2025-06-10T00:00:00Z", "214d"],
    ["2022-01-10T00:00:00Z", "4y1d"],
    ["2016-01-10T00:00:00Z", "10y"],
    ["yesterday", "<invalid>"],
  ])("shows the age of %s as %s", (time, age) => {
    expect(cells([], {}, time)).toEqual(["n", age]);
  });

  test("is for those who ask for one", () => {
    expect(wantsTable("application/json;as=Table;v=v1;g=meta.k8s.io,application/json")).toBe(true);
    expect(wantsTable("application/json")).toBe(false);
    expect(wantsTable("application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")).toBe(false);
  });
});
