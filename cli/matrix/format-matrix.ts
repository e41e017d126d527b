import type { MatrixCell, RoleMatrix } from "./role-matrix.ts";

export type MatrixFormat = "table" | "markdown" | "csv" | "json";

const LEGEND = [
  "x  allowed",
  "-  denied, whatever allows it",
  "(x) (-)  for some resource names or under a condition",
  ".  allowed by a rule that never counts: the role may be assigned only below the level of the permission",
  "+  by included roles alone",
];

/** Writes a matrix, a permission in each row and a role in each column; JSON has everything that is known of a cell. */
export function formatMatrix(format: MatrixFormat, matrix: RoleMatrix): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(matrix, null, 2)}\n`;
    case "csv":
      return rowsOf(matrix, wordsOf)
        .map((row) => `${row.map(csvField).join(",")}\n`)
        .join("");
    case "markdown":
      return markdown(rowsOf(matrix, markOf));
    case "table":
      return `${table(rowsOf(matrix, markOf))}\n${LEGEND.map((line) => `${line}\n`).join("")}`;
  }
}

function rowsOf(matrix: RoleMatrix, write: (cell: MatrixCell | undefined) => string): string[][] {
  const cells = new Map(matrix.cells.map((cell) => [`${cell.permission} ${cell.role}`, cell]));
  const head = [
    "permission",
    "level",
    ...matrix.roles.map(({ name, organization }) =>
      organization === undefined ? name : `${name} (${organization})`,
    ),
  ];
  const rows = matrix.permissions.map(({ name, level }) => [
    name,
    level,
    ...matrix.roles.map((role) => write(cells.get(`${name} ${role.name}`))),
  ]);
  return [head, ...rows];
}

/** "x", "(x)", ".", "-", "x(-)", and "+" after those that only included roles bring. */
function markOf(cell: MatrixCell | undefined): string {
  if (cell === undefined) return "";
  const { role, allow, deny, from } = cell;
  const marks = { Always: "x", Sometimes: "(x)", Never: "." };
  const allowed = allow === undefined || deny === "Always" ? "" : marks[allow];
  const denied = deny === undefined ? "" : deny === "Always" ? "-" : "(-)";
  return allowed + denied + (from.includes(role) ? "" : "+");
}

/** The same in words, for programs: "allow", "allow sometimes, deny sometimes, included". */
function wordsOf(cell: MatrixCell | undefined): string {
  if (cell === undefined) return "";
  const { role, allow, deny, from } = cell;
  const word = (effect: string, reach: string) =>
    reach === "Always" ? effect : `${effect} ${reach.toLowerCase()}`;
  return [
    allow === undefined || deny === "Always" ? "" : word("allow", allow),
    deny === undefined ? "" : word("deny", deny),
    from.includes(role) ? "" : "included",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) =>
    `| ${row.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |\n`;
  const legend = LEGEND.map((text) => text.replace(/^(.*?) {2}/, (_, marks) => `\`${marks}\` `));
  return `${line(head)}${line(head.map(() => "---"))}${rows.map(line).join("")}\n${legend.join("; ")}.\n`;
}

/** A field as RFC 4180 has it. A spreadsheet takes a field that begins with one of these signs for a formula. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
