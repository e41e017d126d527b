/** A table of a preset's document: a row of marks for each permission, "x" where the role of the column has it. */
export interface MatrixTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
}

/** Two lists of a preset's document: what a role may do, and what it may not. */
export interface ListTable {
  readonly table: string;
  readonly allowed: { readonly column: string; readonly count: number };
  readonly denied: { readonly column: string; readonly count: number };
}

export interface PresetTables {
  readonly matrices: readonly MatrixTable[];
  readonly lists: readonly ListTable[];
}

const paradimeColumns = [
  "Admin",
  "Billing Admin",
  "Security Admin",
  "Workspaces Settings Admin",
  "Workspace Admin",
  "Developer",
  "Analyst",
  "Business",
];

/** The tables of the documents, as they stand there. preset-documents.test.ts compares them with the documents themselves. */
export const presetTables = {
  redox: {
    matrices: [
      {
        table: "organization",
        columns: ["Member", "Admin", "Owner"],
        rows: ["..x", "..x", ".xx", "..x", ".xx", "..x", ".xx", "xxx", "xxx"],
      },
      {
        table: "environment",
        columns: ["Observer", "Support", "Engineer"],
        rows: ["xxx", "..x", "xxx", "..x", "xxx", ".xx", "xxx", ".xx", ".xx", "..x", "xxx", ".xx"],
      },
    ],
    lists: [],
  },
  paradime: {
    matrices: [
      paradime("Platform permissions", "x..xx...", "xx......", "xx......", "x.x....."),
      paradime("Paradime IDE", "x...xxx.", "x...xxx.", "x...xxx.", "x...xxx."),
      paradime("Paradime Lineage", "x...xxxx", "x...xxx."),
      paradime("Paradime Catalog", "x...xxxx"),
      paradime("Paradime Bolt scheduler", "x...xxxx", "x...xx..", "x...xxx.", "x...xxx.", "x...xx.."),
      paradime("Paradime Radar", "x...xxxx", "x...xxxx", "x...xx.."),
      paradime(
        "Data warehouse connections settings",
        "x..xxxx.",
        "x..xx...",
        "x..xx...",
        "x..xx...",
        "x..xxxx.",
      ),
      paradime("Workspace settings", "x..xxxx.", "x..xx...", "x..xx...", "x..xx...", "x..xx..."),
      paradime("Integration settings", "x..xxxxx", "x..xx..."),
      paradime("Team settings", "x..xxxxx", "x..xx...", "x..xx...", "x..xxxxx"),
    ],
    lists: [],
  },
  paradigm: {
    matrices: [],
    lists: [
      paradigm("System Administrator", 2, 2),
      paradigm("Account Manager", 3, 3),
      paradigm("DPO Admin", 2, 2),
      paradigm("Company Admin", 3, 4),
      paradigm("Company DPO", 2, 2),
      paradigm("Basic User", 5, 1),
    ],
  },
  paragon: { matrices: [], lists: [paragon("Members", 3, 4), paragon("Support members", 3, 3)] },
  "paragon-connect": {
    matrices: [
      {
        // Two tables of the document, of six scopes and nine permissions: each of these can be given at each of those.
        table: "scopes and permissions",
        columns: [
          ...["credential:write", "config:write", "settings:read", "settings:write"],
          ...["metadata:read", "metadata:write", "proxy-api", "events", "workflows"],
        ],
        rows: Array<string>(6).fill("xxxxxxxxx"),
      },
    ],
    lists: [],
  },
} satisfies { readonly [preset: string]: PresetTables };

function paradime(table: string, ...rows: string[]): MatrixTable {
  return { table, columns: paradimeColumns, rows };
}

function paradigm(table: string, allowed: number, denied: number): ListTable {
  return {
    table,
    allowed: { column: "Has Access To", count: allowed },
    denied: { column: "Does Not Have Access To", count: denied },
  };
}

function paragon(table: string, allowed: number, denied: number): ListTable {
  return {
    table,
    allowed: { column: "allowed to", count: allowed },
    denied: { column: "not allowed to", count: denied },
  };
}
