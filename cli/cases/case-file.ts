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

/** A case: exactly one question, and what is wanted of it. */
export type CaseDocument = AboutCase &
  (
    | { request: RequestDocument; want: WantDocument }
    | { canGrant: GrantDocument; want: "allow" | { deny: string } | { error: "InvalidRequest" } }
    | { listPermissions: Omit<RequestDocument, "permission">; want: ListWantDocument }
    | { listSubjects: Omit<RequestDocument, "subject">; want: ListWantDocument }
    | {
        listScopes: Omit<RequestDocument, "permission" | "scope"> & { permission?: Text };
        want: ListWantDocument;
      }
    | { listGrantable: ActorDocument; want: { give: string[]; take: string[] } }
    | { explain: RequestDocument; want: ExplainWantDocument }
  );

/** What a case of any form says of itself. */
export interface AboutCase {
  name: string;
  says?: string | { line: number; words: string };
  cell?: Cell;
  with?: ManifestDocument[];
  without?: string[];
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

/** Who would give or take, and where. */
export interface ActorDocument extends AskerDocument {
  actor?: string | { kind: string; name: Text };
  scope: Text;
}

export interface GrantDocument extends ActorDocument {
  verb: "Give" | "Take";
  role: string;
  /** "user:ada", "serviceaccount:shop/importer", "group:ops" or "accessgroup:ops". */
  target: string;
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

/** A whole list, in any order. */
export interface ListWantDocument {
  always?: string[];
  /** Of those that are always there: until when, if not for ever. */
  until?: { [entry: string]: string };
  /** What each hangs on, a kind or a kind with its detail; an empty list: not looked at. */
  conditional?: { [entry: string]: (string | { [kind: string]: string })[] };
  /** All entries, in the order of the list. */
  order?: string[];
}

/** What an explanation must hold. Each entry asks for one that has at least what it says. */
export interface ExplainWantDocument {
  decision: "allow" | { deny: string };
  grants?: { [field: string]: string | number }[];
  /** Each a set of changes that together would allow. */
  nearestMisses?: ChangeDocument[][];
  /** Whether there are no other grants and nearest misses. */
  only?: boolean;
}

export interface ChangeDocument {
  kind: string;
  /** "AccessRoleBinding/ada-editor". */
  objects?: string[];
  role?: string;
  scope?: string;
  /** All of them, in any order. */
  grantors?: string[];
}
