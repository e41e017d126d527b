import type { LevelName } from "../../engine/model/scope.ts";
import type { JsonObject } from "../../proto/struct.ts";

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

/** What requests of all sorts have. */
export interface AskerDocument {
  groups?: Texts;
  subjectAttributes?: JsonObject;
  resource?: Text;
  resourceAttributes?: JsonObject;
  context?: JsonObject;
  activeRoles?: Texts;
  token?: TokenDocument;
  rawToken?: Text;
  at?: string;
}

export interface RequestDocument extends AskerDocument {
  subject?: string | { kind: string; name: Text };
  permission: Text;
  scope: Text;
}

/** A token that the loader signs. */
export interface TokenDocument {
  policy?: string;
  claims?: JsonObject;
  without?: string[];
  expires?: string;
  notBefore?: string;
  key?: string;
  header?: JsonObject;
  tamper?: Tampering;
}

/** How a token is broken after it was signed. */
export type Tampering = "Payload" | "Signature" | "Unsigned" | "HMAC";

export type Text = string | { prefix?: string; repeat: string; times: number };
export type Texts = Text[] | { same: string; count: number } | { numbered: string; count: number };

export type WantDocument =
  | "allow"
  | { deny: string; disclosure: "Forbidden" | "NotFound"; level?: LevelName }
  | { error: "InvalidRequest" };
