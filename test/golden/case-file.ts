import type { LevelName } from "../../engine/model/scope.ts";

/** A document of a case file as it is written: see case.schema.json and docs/reference/cases.md. */
export interface WorldDocument {
  title: string;
  folder?: string;
  objects?: ManifestDocument[];
  validate?: boolean;
  now: string;
  cases: CaseDocument[];
}

export interface ManifestDocument {
  apiVersion?: string;
  kind: string;
  metadata: { name: string };
  spec?: object;
}

export interface CaseDocument {
  name: string;
  says?: string | { line: number; words: string };
  cell?: Cell;
  with?: ManifestDocument[];
  without?: string[];
  request: RequestDocument;
  want: WantDocument;
}

/** A cell of one of a preset's tables. */
export interface Cell {
  table: string;
  /** From 1, the head not counted. */
  row: number;
  column: string;
}

export interface RequestDocument {
  subject: string | { kind: string; name: Text };
  groups?: Texts;
  permission: Text;
  scope: Text;
  resource?: Text;
  activeRoles?: Texts;
  at?: string;
}

export type Text = string | { prefix?: string; repeat: string; times: number };
export type Texts = Text[] | { same: string; count: number } | { numbered: string; count: number };

export type WantDocument =
  | "allow"
  | { deny: string; disclosure: "Forbidden" | "NotFound"; level?: LevelName }
  | { error: "InvalidRequest" };
