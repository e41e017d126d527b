import type { SidegateObject, SubjectReference } from "../../engine/model/objects.generated.ts";
import type { LevelName } from "../../engine/model/scope.ts";
import type { JsonObject } from "../../proto/struct.ts";
import type { Cell, ExplainWantDocument } from "./case-file.ts";

/** Objects and what is expected in them. */
export interface CaseWorld {
  /** The file's path from the root that the loader was given. */
  readonly file: string;
  readonly title: string;
  /** Whether the objects are valid manifests. */
  readonly isValid: boolean;
  readonly objects: readonly SidegateObject[];
  /** Decisions. */
  readonly cases: readonly CheckCase[];
  readonly grantCases: readonly GrantCase[];
  readonly listCases: readonly ListCase[];
  readonly grantableCases: readonly GrantableCase[];
  readonly explainCases: readonly ExplainCase[];
}

/** What a case of any form says of itself. */
export interface AnyCase {
  readonly name: string;
  /** The words that the case stands for, and for presets the line of the document. */
  readonly says: { readonly line?: number; readonly words: string } | undefined;
  readonly cell: Cell | undefined;
  /** The world's objects with the changes of this case; the same array where there are none. */
  readonly objects: readonly SidegateObject[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A decision. */
export interface CheckCase extends AnyCase {
  readonly request: CaseRequest;
  readonly want: CaseResult;
}

/** A request as every door takes it; what is left out is empty. */
export interface CaseRequest {
  readonly subjectKind: string;
  readonly subjectName: string;
  readonly groups: readonly string[];
  readonly permission: string;
  readonly scope: string;
  readonly resourceName: string;
  readonly activeRoles: readonly string[];
  readonly subjectAttributes?: JsonObject;
  readonly resourceAttributes?: JsonObject;
  readonly context?: JsonObject;
  readonly token?: CaseToken;
}

/** A token, and what an evaluator that reads no signatures needs to know of it. */
export interface CaseToken {
  /** What is sent. */
  readonly text: string;
  /** What it holds; undefined where the case gives the text itself. */
  readonly header: JsonObject | undefined;
  readonly claims: JsonObject | undefined;
  /** The id of the test key whose good signature it bears; undefined: it bears none. */
  readonly signedBy: string | undefined;
}

/** What is decided. */
export interface CaseResult {
  /** Allowed, InvalidRequest or a reason of section 5 of the semantics. */
  readonly outcome: string;
  /** With a denial. */
  readonly disclosure?: "Forbidden" | "NotFound";
  /** With WrongLevel. */
  readonly level?: LevelName;
}

/** Who may give what. */
export interface GrantCase extends AnyCase {
  readonly question: {
    /** As in a check; its permission is empty. */
    readonly actor: CaseRequest;
    readonly verb: "Give" | "Take";
    readonly role: string;
    readonly target: SubjectReference;
  };
  /** "Allowed", "InvalidRequest" or a reason of docs/reference/delegation.md. */
  readonly want: string;
}

export type ListForm = "permissions" | "subjects" | "scopes";

/** What a list holds. */
export interface ListCase extends AnyCase {
  readonly form: ListForm;
  /** As in a check; what is listed is empty. */
  readonly query: CaseRequest;
  readonly want: CaseList;
}

/** A whole list, in any order. Subjects are written "user:ada", "group:ops". */
export interface CaseList {
  /** With the instant until which it is so, in milliseconds since 1970; undefined: there is none. */
  readonly always: ReadonlyMap<string, number | undefined>;
  /** With what it hangs on; undefined: not looked at, or not known. */
  readonly conditional: ReadonlyMap<string, readonly CaseDependency[] | undefined>;
  /** All entries, in the order of the list; undefined: not looked at, or not known. */
  readonly order: readonly string[] | undefined;
}

export interface CaseDependency {
  readonly kind: string;
  /** In a wanted one, undefined: any. */
  readonly detail: string | undefined;
}

/** What may be given and taken, each written "editor at environment/acme-prod". */
export interface GrantableCase extends AnyCase {
  readonly actor: CaseRequest;
  readonly want: { readonly give: readonly string[]; readonly take: readonly string[] };
}

/** Why a decision fell as it did. */
export interface ExplainCase extends AnyCase {
  readonly request: CaseRequest;
  readonly want: ExplainWantDocument;
}
