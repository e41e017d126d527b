import { expect, test } from "vitest";
import { corpus } from "./corpus.ts";

const cells = corpus
  .filter(({ file }) => file.startsWith("presets/redox/"))
  .flatMap(({ cases }) => cases)
  .filter(({ cell }) => cell !== undefined);

/** How many columns, counted from the right, have an X in each row of the document. */
const tables = {
  organization: { columns: ["Member", "Admin", "Owner"], marks: [1, 1, 2, 1, 2, 1, 2, 3, 3] },
  environment: { columns: ["Observer", "Support", "Engineer"], marks: [3, 1, 3, 1, 3, 2, 3, 2, 2, 1, 3, 2] },
};

test("The preset redox has a case for each cell of the document's two tables, and it says what the cell says", () => {
  const wanted = Object.entries(tables).flatMap(([table, { columns, marks }]) =>
    marks.flatMap((count, row) =>
      columns.map(
        (column, index) =>
          `${table} ${row + 1} ${column} ${index >= columns.length - count ? "Allowed" : "NoGrant"}`,
      ),
    ),
  );
  expect(wanted).toHaveLength(63);
  const found = cells.map(({ cell, want }) => `${cell?.table} ${cell?.row} ${cell?.column} ${want.outcome}`);
  expect([...new Set(found)].toSorted()).toEqual(wanted.toSorted());
});
